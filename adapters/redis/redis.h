#pragma once
#include "base/result.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::redis {

// What a command answered (RESP2).
struct Reply {
    enum class Kind { nil, integer, text, error, list };
    Kind kind = Kind::nil;
    std::int64_t number = 0;
    std::string text;  // also of an error
    std::vector<Reply> items;
};

struct RedisOptions {
    // unix:///path/to/redis.sock, or redis://[:password@]host:port where the host is an address or resolves at once
    // (loopback). No TLS: Redis stands beside us and holds nothing that PostgreSQL does not have.
    std::string url;
    std::size_t in_flight_max = 4096;
    std::chrono::milliseconds beat{1000};  // a Redis that was silent for three of these is given up
    std::chrono::milliseconds reconnect_pause_min{50};
    std::chrono::milliseconds reconnect_pause_max{2000};
};

struct RedisHooks {
    std::function<void(bool up)> changed;                   // the command connection came or went
    std::function<void(std::string const& why)> connect_failed;
};

// Doorbells, and small things that may be lost. Redis may vanish at any time and come back empty: nothing here waits
// for it, nothing of worth is only in it, and whoever listens also polls (schema-rules: a lost wake-up costs delay,
// never an event). All calls on the loop's thread.
class Redis {
public:
    Redis(boost::asio::any_io_executor executor, RedisOptions options, RedisHooks hooks = {});
    ~Redis();
    Redis(Redis const&) = delete;
    Redis& operator=(Redis const&) = delete;

    // Begins to connect and keeps trying. Error: invalid_config for a URL that is none.
    [[nodiscard]] Result<Done> start();
    [[nodiscard]] bool connected() const;

    // How many heard it. Error: unavailable (not connected, connection lost, too many in flight), within three beats.
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> publish(std::string channel, std::string payload);

    // The same without waiting; dropped without a word when Redis is away. For the way of a payment.
    void ring(std::string_view channel, std::string_view payload);

    // Any command that answers once (no SUBSCRIBE, no blocking reads). An error reply is invalid_input with Redis' words.
    [[nodiscard]] boost::asio::awaitable<Result<Reply>> command(std::vector<std::string> words);

    using Heard = std::function<void(std::string_view channel, std::string_view payload)>;
    // `heard` is called for each message. `listening` is called each time the subscription begins, now and after
    // every reconnect: what was said before was missed, so read again what you follow.
    using Subscription = std::uint64_t;
    Subscription subscribe(std::vector<std::string> channels, Heard heard, std::function<void()> listening = {});
    void unsubscribe(Subscription subscription);

    // Ends both connections; who waits gets `unavailable`.
    void close();

private:
    class Core;
    std::shared_ptr<Core> core_;
};

}  // namespace cho40::redis
