#include "apps/cli/io.h"
#include <fstream>
#include <iostream>
#include <iterator>

namespace cho40::cli {

std::string read_input(std::string const& path)
{
    if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
    std::ifstream in(path, std::ios::binary);
    if (!in) throw Stop{Exit::usage, path + ": cannot be read"};
    std::string bytes(std::istreambuf_iterator<char>(in), {});
    if (in.bad()) throw Stop{Exit::usage, path + ": cannot be read"};
    return bytes;
}

Input::Input(std::string path) : path_(std::move(path)), in_(path_ == "-" ? std::cin : file_)
{
    if (path_ == "-") return;
    file_.open(path_, std::ios::binary);
    if (!file_) throw Stop{Exit::usage, path_ + ": cannot be read"};
}

std::string_view Input::next()
{
    piece_.resize(64u << 10);
    in_.read(piece_.data(), static_cast<std::streamsize>(piece_.size()));
    if (in_.bad()) throw Stop{Exit::usage, path_ + ": cannot be read"};
    return std::string_view(piece_).substr(0, static_cast<std::size_t>(in_.gcount()));
}

std::string message_of(Error const& error, std::string const& where)
{
    return where + (error.pointer.empty() ? "" : " " + error.pointer) + ": " + error.detail + " (" + std::string(errc_name(error.code)) +
           ")";
}

std::vector<std::string> arguments_or_lines(std::vector<std::string> const& arguments)
{
    if (!arguments.empty() && !(arguments.size() == 1 && arguments[0] == "-")) return arguments;
    std::vector<std::string> lines;
    for (std::string line; std::getline(std::cin, line);) {
        if (!line.empty() && line.back() == '\r') line.pop_back();
        lines.push_back(std::move(line));
    }
    return lines;
}

void write_file(std::string const& path, std::string const& bytes)
{
    if (path == "-") {
        std::cout.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        return;
    }
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!out.flush()) throw Stop{Exit::usage, path + ": cannot be written"};
}

}  // namespace cho40::cli
