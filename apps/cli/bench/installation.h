#pragma once
#include "base/secret.h"
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace cho40::cli::bench {

// A child process; ended by SIGTERM (then SIGKILL) when it goes out of scope.
class Child {
public:
    Child(std::vector<std::string> command, std::vector<std::string> environment, std::string const& output);
    ~Child();
    Child(Child const&) = delete;
    Child& operator=(Child const&) = delete;
    void stop();
    void kill();  // SIGKILL
    [[nodiscard]] bool alive();
    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] std::int64_t resident_bytes() const;  // VmRSS

private:
    pid_t pid_ = -1;
};

// PostgreSQL and the service in a private folder that is deleted afterwards.
class PrivateInstallation {
public:
    PrivateInstallation();   // stops the command with Exit::system_missing when something is not there
    ~PrivateInstallation();
    PrivateInstallation(PrivateInstallation const&) = delete;
    PrivateInstallation& operator=(PrivateInstallation const&) = delete;

    // Starts the service and waits until it is ready; how long that took.
    [[nodiscard]] std::chrono::duration<double> start_service();
    void stop_service();
    void kill_service();  // SIGKILL

    [[nodiscard]] std::string const& database_url() const { return database_url_; }
    [[nodiscard]] std::string base() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::string const& installation_key() const { return key_; }
    [[nodiscard]] Child& service() { return *service_; }
    [[nodiscard]] std::filesystem::path const& folder() const { return folder_; }

private:
    std::filesystem::path root_;    // of the checkout
    std::filesystem::path folder_;
    std::string database_url_;
    std::string key_;
    std::uint16_t port_ = 0;
    std::unique_ptr<Child> service_;
};

}  // namespace cho40::cli::bench
