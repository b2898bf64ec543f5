#include "apps/cli/bench/timed_command.h"
#include "apps/cli/io.h"
#include <chrono>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cho40::cli::bench {

TimedRun timed_run(std::vector<std::string> const& command, std::filesystem::path const& output)
{
    std::vector<char*> arguments;
    for (auto const& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    auto const began = std::chrono::steady_clock::now();
    pid_t pid = -1;
    int const error = posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) throw Stop{Exit::system_missing, command.front() + " cannot be started"};
    int status = 0;
    rusage usage{};
    while (wait4(pid, &status, 0, &usage) < 0) {
        if (errno != EINTR) throw Stop{Exit::system_missing, command.front() + " is gone without a result"};
    }
    TimedRun run;
    run.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    auto const of = [](timeval const& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
    run.cpu_seconds = of(usage.ru_utime) + of(usage.ru_stime);
    run.peak_memory_bytes = static_cast<std::int64_t>(usage.ru_maxrss) * 1024;
    run.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    return run;
}

PrivateFolder::PrivateFolder()
{
    std::string name = (std::filesystem::temp_directory_path() / "cho40-bench-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw Stop{Exit::system_missing, "no folder can be made in the temporary folder"};
    path_ = name;
}

PrivateFolder::~PrivateFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace cho40::cli::bench
