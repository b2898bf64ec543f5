#pragma once
#include "adapters/http/router.h"
#include "apps/sandbox/bank.h"
#include <filesystem>
#include <fstream>

namespace cho40::sandbox {

// What the other side must not forget when its program ends: how it was set up, and what its bank booked. One JSON line
// each in a file that is only ever added to; a bank that is started anew would otherwise deny the money of this morning.
class Books {
public:
    struct Line {
        std::string setup;                 // path of a setup request, or empty
        std::string body;                  // of that request
        std::optional<Transfer> transfer;  // or what was booked
    };

    Books() = default;  // remembers nothing
    // Makes the file when there is none. A last line that was cut off by the end of the program is dropped.
    // Error: invalid_config (the file cannot be used, or a line is not ours; says which).
    [[nodiscard]] static Result<Books> open(std::filesystem::path file);

    // What the file held when it was opened, in order; once.
    [[nodiscard]] std::vector<Line> take_lines() { return std::exchange(lines_, {}); }

    void keep_setup(std::string_view path, std::string_view body);
    void keep(Transfer const& transfer);
    void clear();

private:
    void write(std::string line);

    std::filesystem::path file_;
    std::ofstream out_;
    std::vector<Line> lines_;
};

// The handler of a setup request; what it accepts is remembered.
[[nodiscard]] http::Handler remembered(Books& books, std::string path, http::Handler handler);

}  // namespace cho40::sandbox
