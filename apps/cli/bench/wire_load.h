#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cho40::cli::bench {

// A load generator that costs next to nothing, because it runs on the processors it measures: whole requests made before,
// plain sockets, and of an answer only its status and length are read.
class WireLoad {
public:
    // Stops the command with Exit::system_missing when nobody listens.
    WireLoad(std::uint16_t port, std::size_t connections);
    ~WireLoad();
    WireLoad(WireLoad const&) = delete;
    WireLoad& operator=(WireLoad const&) = delete;

    struct Outcome {
        double seconds = 0;
        std::vector<double> milliseconds;  // of each request, from when it was due; sorted
    };
    // Each request once, in order. Without a rate a connection sends the next as soon as it has its answer; with one they fall
    // due on a schedule, whatever the server does. Every answer must be `status` and contain no `forbidden`; else stops the
    // command with Exit::negative.
    [[nodiscard]] Outcome run(std::vector<std::string> const& requests, int status, std::string_view forbidden = {},
                              std::optional<double> a_second = std::nullopt);

private:
    using Steady = std::chrono::steady_clock;
    struct Connection {
        int socket = -1;
        Steady::time_point due;
        std::string_view unsent;
        std::string answer;
        std::size_t answer_size = 0;  // head and body; 0: the head is not there yet
    };

    void send(Connection& connection);
    // True when the answer is whole.
    [[nodiscard]] bool receive(Connection& connection);

    std::vector<Connection> connections_;
    int poll_ = -1;
};

// A blocking socket to the service on this machine. Stops the command with Exit::system_missing when nobody listens.
[[nodiscard]] int connect_to(std::uint16_t port);

// One request as it goes over the wire.
[[nodiscard]] std::string wire_request(std::string_view path, std::string_view key, std::string_view body);

}  // namespace cho40::cli::bench
