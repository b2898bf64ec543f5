#pragma once
#include <string>
#include <sys/types.h>

namespace cho40::tests {

// A Redis of its own in a temporary folder on a unix socket, for tests that stop, kill and freeze it. Up in 0.1 s.
class PrivateRedis {
public:
    PrivateRedis();  // started
    ~PrivateRedis();
    PrivateRedis(PrivateRedis const&) = delete;
    PrivateRedis& operator=(PrivateRedis const&) = delete;

    [[nodiscard]] std::string url() const { return "unix://" + socket(); }
    [[nodiscard]] std::string socket() const { return folder_ + "/s"; }
    void start();   // comes back when it answers
    void kill();    // SIGKILL
    void freeze();  // SIGSTOP: it takes bytes and answers nothing
    void thaw();

private:
    std::string folder_;
    pid_t pid_ = 0;
};

}  // namespace cho40::tests
