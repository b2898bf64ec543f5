#pragma once
#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <unistd.h>

namespace cho40::tests {

struct CliResult {
    int exit_code;
    std::string output;    // standard output
    std::string messages;  // standard error
};

// Runs the cho40 binary of this build with shell-quoted arguments and the given standard input.
inline CliResult run_cli(std::string const& arguments, std::string const& input = {})
{
    auto const base = std::filesystem::temp_directory_path() / ("cho40_cli_" + std::to_string(getpid()));
    auto const in = base.string() + ".in";
    auto const err = base.string() + ".err";
    std::ofstream(in, std::ios::binary) << input;
    auto const command = std::string(CHO40_CLI) + " " + arguments + " <" + in + " 2>" + err;
    CliResult result{-1, {}, {}};
    if (auto* const pipe = popen(command.c_str(), "r")) {
        std::array<char, 4096> buffer;
        while (auto const n = std::fread(buffer.data(), 1, buffer.size(), pipe)) result.output.append(buffer.data(), n);
        int const status = pclose(pipe);
        if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
    }
    std::ifstream messages(err, std::ios::binary);
    result.messages.assign(std::istreambuf_iterator<char>(messages), {});
    std::filesystem::remove(in);
    std::filesystem::remove(err);
    return result;
}

}  // namespace cho40::tests
