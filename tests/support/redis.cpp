#include "tests/support/redis.h"
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace cho40::tests {
namespace {

bool answers(std::string const& path)
{
    int const fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    bool good = ::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    char reply[8] = {};
    good = good && ::write(fd, "PING\r\n", 6) == 6 && ::read(fd, reply, 7) == 7 && std::string(reply) == "+PONG\r\n";
    ::close(fd);
    return good;
}

}  // namespace

PrivateRedis::PrivateRedis()
{
    char pattern[] = "/tmp/cho40-redis-XXXXXX";
    if (!mkdtemp(pattern)) std::abort();
    folder_ = pattern;
    start();
}

PrivateRedis::~PrivateRedis()
{
    kill();
    std::filesystem::remove_all(folder_);
}

void PrivateRedis::start()
{
    std::string const path = socket(), log = folder_ + "/log";
    char const* const arguments[] = {"redis-server", "--port", "0",     "--unixsocket",  path.c_str(), "--save",    "",
                                     "--appendonly", "no",     "--dir", folder_.c_str(), "--logfile",  log.c_str(), nullptr};
    if (posix_spawnp(&pid_, "redis-server", nullptr, nullptr, const_cast<char**>(arguments), environ) != 0) {
        std::fprintf(stderr, "redis-server cannot be started\n");
        std::exit(3);
    }
    for (int i = 0; i < 1000; ++i) {
        if (answers(path)) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    std::fprintf(stderr, "redis-server does not answer; see %s\n", log.c_str());
    std::exit(3);
}

void PrivateRedis::kill()
{
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

void PrivateRedis::freeze() { ::kill(pid_, SIGSTOP); }
void PrivateRedis::thaw() { ::kill(pid_, SIGCONT); }

}  // namespace cho40::tests
