#pragma once
#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

// Programs of others that read what this one draws.
namespace cho40::tests {

// A file of this test alone, with what is given in it; gone at the end of the scope, unless CHO40_KEEP_PICTURES is set.
class PictureFile {
public:
    PictureFile(std::string const& bytes, std::string const& suffix)
    {
        static int number = 0;
        path_ = (std::filesystem::temp_directory_path() / ("cho40_picture_" + std::to_string(getpid()) + "_" + std::to_string(++number)))
                    .string() +
                suffix;
        std::ofstream(path_, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    ~PictureFile()
    {
        if (!std::getenv("CHO40_KEEP_PICTURES")) std::filesystem::remove(path_);
    }
    PictureFile(PictureFile const&) = delete;
    PictureFile& operator=(PictureFile const&) = delete;
    [[nodiscard]] std::string const& path() const { return path_; }

private:
    std::string path_;
};

inline std::string output_of(std::string const& command)
{
    auto* const pipe = popen((command + " 2>/dev/null").c_str(), "r");
    std::string out;
    std::array<char, 4096> buffer;
    while (auto const n = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
    EXPECT_EQ(pclose(pipe), 0) << command << " (are the packages of deploy/packages.txt installed?)";
    return out;
}

// The codes in a picture, in the order of their texts.
using Codes = std::vector<std::string>;

inline Codes read_by_zbar(std::string const& path)
{
    Codes codes;
    auto const out = output_of("zbarimg -q --raw --nodbus -Sdisable -Sqrcode.enable " + path);
    for (std::size_t begin = 0; begin < out.size();) {
        auto const end = std::min(out.find('\n', begin), out.size());
        codes.push_back(out.substr(begin, end - begin));
        begin = end + 1;
    }
    std::ranges::sort(codes);
    return codes;
}

inline Codes read_by_zxing(std::string const& path)
{
    Codes codes;
    std::string const opening = "Text:       \"";
    auto const out = output_of("ZXingReader -format QRCode " + path);
    for (auto begin = out.find(opening); begin != out.npos; begin = out.find(opening, begin)) {
        begin += opening.size();
        codes.push_back(out.substr(begin, out.find("\"\n", begin) - begin));
    }
    std::ranges::sort(codes);
    return codes;
}

// The first page of a PDF as a picture of that many dots to the inch.
inline std::string rasterised(std::string const& pdf, int dots_per_inch)
{
    PictureFile const file(pdf, ".pdf");
    return output_of("pdftoppm -png -singlefile -r " + std::to_string(dots_per_inch) + " " + file.path());
}

inline std::string text_in_pdf(std::string const& pdf)
{
    PictureFile const file(pdf, ".pdf");
    return output_of("pdftotext -raw " + file.path() + " -");
}

}  // namespace cho40::tests
