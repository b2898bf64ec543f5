#include "apps/cli/bench/wire_load.h"
#include "apps/cli/io.h"
#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <fmt/format.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace cho40::cli::bench {
namespace {

[[noreturn]] void unexpected(std::string_view what, std::string_view answer)
{
    throw Stop{Exit::negative, fmt::format("{}: {}", what, answer.substr(0, 1000))};
}

// Size of the whole answer; 0 while its head is not all there.
std::size_t answer_size(std::string_view answer)
{
    auto const head = answer.find("\r\n\r\n");
    if (head == std::string_view::npos) return 0;
    constexpr std::string_view name = "Content-Length: ";
    auto const at = answer.find(name);
    if (at == std::string_view::npos || at > head) unexpected("an answer without a length", answer);
    std::size_t length = 0;
    std::from_chars(answer.data() + at + name.size(), answer.data() + head, length);
    return head + 4 + length;
}

}  // namespace

int connect_to(std::uint16_t port)
{
    int const socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (socket < 0 || ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
        throw Stop{Exit::system_missing, "the service takes no connection"};
    }
    int const on = 1;
    (void)setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return socket;
}

WireLoad::WireLoad(std::uint16_t port, std::size_t connections) : connections_(connections), poll_(epoll_create1(0))
{
    for (std::size_t i = 0; i < connections; ++i) {
        connections_[i].socket = connect_to(port);
        epoll_event event{};
        event.events = EPOLLIN;
        event.data.u64 = i;
        if (epoll_ctl(poll_, EPOLL_CTL_ADD, connections_[i].socket, &event) != 0) throw Stop{Exit::system_missing, "epoll does not work"};
    }
}

WireLoad::~WireLoad()
{
    for (auto const& connection : connections_) {
        if (connection.socket >= 0) close(connection.socket);
    }
    close(poll_);
}

void WireLoad::send(Connection& connection)
{
    // Blocking: the service reads while it works, and a request is smaller than a socket's buffer or sent by few.
    while (!connection.unsent.empty()) {
        auto const sent = ::send(connection.socket, connection.unsent.data(), connection.unsent.size(), MSG_NOSIGNAL);
        if (sent <= 0) throw Stop{Exit::negative, "the service closed a connection"};
        connection.unsent.remove_prefix(static_cast<std::size_t>(sent));
    }
}

bool WireLoad::receive(Connection& connection)
{
    std::array<char, 65536> buffer;
    auto const got = ::recv(connection.socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got <= 0) unexpected("the service closed a connection", connection.answer);
    connection.answer.append(buffer.data(), static_cast<std::size_t>(got));
    if (connection.answer_size == 0) connection.answer_size = answer_size(connection.answer);
    return connection.answer_size > 0 && connection.answer.size() >= connection.answer_size;
}

WireLoad::Outcome WireLoad::run(std::vector<std::string> const& requests, int status, std::string_view forbidden,
                                std::optional<double> a_second)
{
    Outcome outcome;
    outcome.milliseconds.reserve(requests.size());
    auto const expected = fmt::format("HTTP/1.1 {} ", status);
    std::vector<std::size_t> idle;
    for (std::size_t i = connections_.size(); i-- > 0;) idle.push_back(i);
    std::size_t next = 0;
    auto const began = Steady::now();
    auto const due_of = [&](std::size_t i) {
        return began + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(static_cast<double>(i) / *a_second));
    };
    std::array<epoll_event, 64> events{};
    while (outcome.milliseconds.size() < requests.size()) {
        auto now = Steady::now();
        while (next < requests.size() && !idle.empty() && (!a_second || due_of(next) <= now)) {
            auto& connection = connections_[idle.back()];
            idle.pop_back();
            connection.due = a_second ? due_of(next) : now;
            connection.unsent = requests[next++];
            connection.answer.clear();
            connection.answer_size = 0;
            send(connection);
            now = Steady::now();
        }
        int wait = -1;
        if (a_second && next < requests.size() && !idle.empty()) {
            wait = static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(due_of(next) - now).count());
        }
        auto const ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), std::max(wait, -1));
        for (int i = 0; i < ready; ++i) {
            auto const index = static_cast<std::size_t>(events[static_cast<std::size_t>(i)].data.u64);
            auto& connection = connections_[index];
            if (!receive(connection)) continue;
            bool const good = connection.answer.starts_with(expected) &&
                              (forbidden.empty() || connection.answer.find(forbidden) == std::string::npos);
            if (!good) unexpected("not the answer that was expected", connection.answer);
            outcome.milliseconds.push_back(std::chrono::duration<double, std::milli>(Steady::now() - connection.due).count());
            idle.push_back(index);
        }
    }
    outcome.seconds = std::chrono::duration<double>(Steady::now() - began).count();
    std::ranges::sort(outcome.milliseconds);
    return outcome;
}

std::string wire_request(std::string_view path, std::string_view key, std::string_view body)
{
    return fmt::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n"
                       "Content-Length: {}\r\n\r\n{}",
                       path, key, body.size(), body);
}

}  // namespace cho40::cli::bench
