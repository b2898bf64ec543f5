#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cho40::cli::bench {

struct TimedRun {
    double seconds = 0;                  // from start to end
    double cpu_seconds = 0;              // of all its processes, user and system: what other work on the machine leaves alone
    std::int64_t peak_memory_bytes = 0;  // resident, of the largest process of it
    int exit_code = 0;
};

// Runs a program to its end with its output in a file, and what it took. Messages of it are let through.
// Stops the command with Exit::system_missing when the program cannot be started.
[[nodiscard]] TimedRun timed_run(std::vector<std::string> const& command, std::filesystem::path const& output);

// A folder of its own that is deleted with all in it.
class PrivateFolder {
public:
    PrivateFolder();
    ~PrivateFolder();
    PrivateFolder(PrivateFolder const&) = delete;
    PrivateFolder& operator=(PrivateFolder const&) = delete;
    [[nodiscard]] std::filesystem::path const& path() const { return path_; }

private:
    std::filesystem::path path_;
};

}  // namespace cho40::cli::bench
