#include "apps/cli/bench/installation.h"
#include "apps/cli/io.h"
#include "base/digest.h"
#include "base/uuid.h"
#include <arpa/inet.h>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace cho40::cli::bench {
namespace {

using Clock = std::chrono::steady_clock;

std::uint16_t free_port()
{
    int const s = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    bool const bound = bind(s, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       getsockname(s, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(s);
    if (!bound) throw Stop{Exit::system_missing, "no free port on the loopback address"};
    return ntohs(address.sin_port);
}

bool answers(std::uint16_t port)
{
    int const s = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    bool ok = connect(s, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    if (ok) {
        constexpr std::string_view request = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        char buffer[64] = "";
        ok = write(s, request.data(), request.size()) > 0 && read(s, buffer, sizeof buffer - 1) > 0 &&
             std::string_view(buffer).starts_with("HTTP/1.1 200");
    }
    close(s);
    return ok;
}

std::string output_of(std::string const& command)
{
    std::string out;
    auto* pipe = popen(command.c_str(), "r");
    if (!pipe) throw Stop{Exit::system_missing, "a shell cannot be started"};
    char buffer[4096];
    while (auto const n = fread(buffer, 1, sizeof buffer, pipe)) out.append(buffer, n);
    if (pclose(pipe) != 0) throw Stop{Exit::system_missing, "failed: " + command};
    return out;
}

}  // namespace

Child::Child(std::vector<std::string> command, std::vector<std::string> environment, std::string const& output)
{
    pid_ = fork();
    if (pid_ < 0) throw Stop{Exit::system_missing, "no process can be started"};
    if (pid_ > 0) return;
    int const file = open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
    std::vector<char*> arguments;
    for (auto& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    for (auto& setting : environment) putenv(setting.data());
    execv(arguments[0], arguments.data());
    _exit(127);
}

Child::~Child() { stop(); }

void Child::stop()
{
    if (pid_ < 0) return;
    ::kill(pid_, SIGTERM);
    auto const until = Clock::now() + std::chrono::seconds(12);
    while (waitpid(pid_, nullptr, WNOHANG) == 0) {
        if (Clock::now() > until) ::kill(pid_, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    pid_ = -1;
}

void Child::kill()
{
    if (pid_ < 0) return;
    ::kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
}

bool Child::alive() { return pid_ > 0 && ::kill(pid_, 0) == 0 && waitpid(pid_, nullptr, WNOHANG) == 0; }

std::int64_t Child::resident_bytes() const
{
    std::ifstream in("/proc/" + std::to_string(pid_) + "/status");
    for (std::string line; std::getline(in, line);) {
        if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6)) * 1024;
    }
    return 0;
}

PrivateInstallation::PrivateInstallation()
{
    root_ = std::filesystem::canonical("/proc/self/exe").parent_path().parent_path().parent_path().parent_path();
    auto const script = root_ / "deploy" / "embedded.sh";
    if (!std::filesystem::exists(script)) throw Stop{Exit::system_missing, script.string() + " is not there"};
    folder_ = std::filesystem::temp_directory_path() /
              ("cho40-bench-" + make_uuid7(SystemClock().now(), system_random()).to_base32().substr(10));
    auto const url = output_of("bash '" + script.string() + "' start --no-redis --var '" + folder_.string() + "'");
    auto const at = url.find("CHO40_DATABASE_URL='");
    if (at == std::string::npos) throw Stop{Exit::system_missing, "PostgreSQL did not start"};
    database_url_ = url.substr(at + 20, url.find('\'', at + 20) - at - 20);
    std::string bytes(32, '\0');
    system_random().fill(reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size());
    key_ = to_hex(bytes);
    port_ = free_port();
}

PrivateInstallation::~PrivateInstallation()
{
    stop_service();
    auto const command = "bash '" + (root_ / "deploy" / "embedded.sh").string() + "' stop --no-redis --var '" + folder_.string() +
                         "' >/dev/null 2>&1";
    (void)std::system(command.c_str());  // the folder goes in any case
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

std::chrono::duration<double> PrivateInstallation::start_service()
{
    auto const began = Clock::now();
    auto const program = std::filesystem::canonical("/proc/self/exe").parent_path() / "cho40d";
    service_ = std::make_unique<Child>(std::vector<std::string>{program.string()},
                                       std::vector<std::string>{"CHO40_DATABASE_URL=" + database_url_, "CHO40_INSTALLATION_KEY=" + key_,
                                                                "CHO40_SERVER_LISTEN=127.0.0.1:" + std::to_string(port_)},
                                       (folder_ / "service.log").string());
    auto const until = began + std::chrono::seconds(60);
    while (!answers(port_)) {
        if (!service_->alive() || Clock::now() > until) throw Stop{Exit::system_missing, "the service did not become ready"};
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return Clock::now() - began;
}

void PrivateInstallation::stop_service() { service_.reset(); }

void PrivateInstallation::kill_service()
{
    service_->kill();
    service_.reset();
}

}  // namespace cho40::cli::bench
