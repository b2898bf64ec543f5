#pragma once
#include "base/result.h"
#include <fstream>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

namespace cho40::cli {

// Exit codes every command keeps to.
enum class Exit { done = 0, negative = 1, usage = 2, system_missing = 3 };

// A command ends by throwing this; main() turns it into the process's exit code after printing the message to stderr.
struct Stop {
    Exit code;
    std::string message;
};

// The whole of a file, or of standard input for "-". Stops with Exit::usage when it cannot be read.
[[nodiscard]] std::string read_input(std::string const& path);

// The same piece by piece, for files that can be larger than memory should be.
class Input {
public:
    explicit Input(std::string path);
    // The next bytes, valid until the next call; empty at the end.
    [[nodiscard]] std::string_view next();

private:
    std::string path_;
    std::ifstream file_;
    std::istream& in_;
    std::string piece_;
};

// The arguments when there are any, otherwise one item a line from standard input (also for a single "-").
[[nodiscard]] std::vector<std::string> arguments_or_lines(std::vector<std::string> const& arguments);

void write_file(std::string const& path, std::string const& bytes);

// One JSON value on standard output, on one line or indented. Bytes that are not UTF-8 show as U+FFFD.
template <class Json>
void print_json(Json const& value, int indent = -1)
{
    std::cout << value.dump(indent, ' ', false, Json::error_handler_t::replace) << '\n';
}

// "where line 3: what (code)".
[[nodiscard]] std::string message_of(Error const& error, std::string const& where);

// The value, or Stop with Exit::usage and the message.
template <class T>
[[nodiscard]] T value_or_stop(Result<T> result, std::string const& where)
{
    if (!result) throw Stop{Exit::usage, message_of(result.error(), where)};
    return *std::move(result);
}

}  // namespace cho40::cli
