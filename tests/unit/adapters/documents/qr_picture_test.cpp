#include "adapters/documents/qr_picture.h"
#include "tests/unit/adapters/documents/readers.h"
#include <regex>

namespace cho40::documents {
namespace {

constexpr char const* payload =
    "00020101021238540010A00000072701240006970422011001234567890208QRIBFTTA53037045405500005802VN62200816CQN7K2M4 tien ca6304E802";

// Paints the runs of the dark path into a grey map, four pixels a module: a second drawing of the SVG.
std::string painted(std::string const& svg)
{
    std::smatch found;
    EXPECT_TRUE(std::regex_search(svg, found, std::regex("viewBox=\"0 0 ([0-9]+) ")));
    int const side = std::stoi(found[1]);
    std::string grey(static_cast<std::size_t>(side * 4 * side * 4), '\xff');
    auto const dark = svg.substr(svg.find("#000"));
    std::regex const run("M([0-9]+) ([0-9]+)h([0-9]+)v1h-([0-9]+)z");
    for (auto it = std::sregex_iterator(dark.begin(), dark.end(), run); it != std::sregex_iterator(); ++it) {
        int const x = std::stoi((*it)[1]);
        int const y = std::stoi((*it)[2]);
        int const length = std::stoi((*it)[3]);
        EXPECT_EQ((*it)[3], (*it)[4]);
        EXPECT_GE(x, 4);
        EXPECT_LE(x + length, side - 4) << "the quiet zone is white";
        for (int row = y * 4; row < y * 4 + 4; ++row) {
            for (int column = x * 4; column < (x + length) * 4; ++column) grey[static_cast<std::size_t>(row * side * 4 + column)] = '\0';
        }
    }
    return "P5\n" + std::to_string(side * 4) + " " + std::to_string(side * 4) + "\n255\n" + grey;
}

TEST(QrSvg, IsReadByIndependentDecoders)
{
    tests::PictureFile const file(painted(*qr_svg(payload, "VietQR")), ".pgm");
    EXPECT_EQ(tests::read_by_zbar(file.path()), tests::Codes{payload});
    EXPECT_EQ(tests::read_by_zxing(file.path()), tests::Codes{payload});
}

TEST(QrSvg, SpeaksToScreenReadersAndStaysSharp)
{
    auto const svg = *qr_svg(payload, "Mã <b> & 45.000 đ");
    EXPECT_NE(svg.find("<title>Mã &lt;b&gt; &amp; 45.000 đ</title>"), std::string::npos);
    EXPECT_NE(svg.find("role=\"img\""), std::string::npos);
    EXPECT_NE(svg.find("crispEdges"), std::string::npos);
    EXPECT_LT(svg.size(), 20'000u);
}

TEST(QrPicture, IsTheSameEveryTime)
{
    EXPECT_EQ(*qr_png(payload), *qr_png(payload));
    EXPECT_EQ(*qr_svg(payload, "x"), *qr_svg(payload, "x"));
}

TEST(QrPicture, RefusesWhatNoSymbolCarries)
{
    EXPECT_EQ(qr_svg("", "x").error().code, Errc::invalid_input);
    EXPECT_EQ(qr_svg(std::string_view("a\0b", 3), "x").error().code, Errc::invalid_input);
    EXPECT_EQ(qr_svg(std::string(2332, '\xc3'), "x").error().code, Errc::text_too_long);
    EXPECT_TRUE(qr_svg(std::string(2331, 'a'), "x"));
    EXPECT_EQ(qr_png(payload, 0).error().code, Errc::invalid_input);
    EXPECT_EQ(qr_png(payload, 65).error().code, Errc::invalid_input);
}

}  // namespace
}  // namespace cho40::documents
