#pragma once
#include "adapters/redis/redis.h"
#include <boost/asio/posix/stream_descriptor.hpp>
#include <functional>
#include <memory>
#include <string>

struct redisAsyncContext;
struct redisReply;

namespace cho40::redis {

// Where Redis is: a unix socket, or an address.
struct Address {
    std::string path;
    std::string host;
    int port = 6379;
    std::string password;
    [[nodiscard]] static Result<Address> parse(std::string const& url);
};

// One hiredis connection on the loop. Made for one life: when it ends it is thrown away and a new one made.
class Link : public std::enable_shared_from_this<Link> {
public:
    // Not a reply to anything: a message of a channel, or the confirmation of a subscription.
    struct Pushed {
        std::string kind, channel, payload;
    };
    struct Events {
        std::function<void()> up;
        std::function<void(std::string why)> down;  // also when connecting fails; exactly once
        std::function<void(Pushed)> pushed;
    };
    using OnReply = std::function<void(redisReply const*)>;  // null: the connection ended first

    explicit Link(boost::asio::any_io_executor executor, Events events);
    ~Link();
    Link(Link const&) = delete;
    Link& operator=(Link const&) = delete;

    void connect(Address const& address);
    [[nodiscard]] bool is_up() const { return up_; }
    [[nodiscard]] std::size_t in_flight() const { return in_flight_; }

    // False when the connection is gone; then `reply` is not called. `reply` may be empty.
    bool send(std::vector<std::string_view> const& words, OnReply reply);
    bool subscribe(std::vector<std::string> const& channels);
    bool unsubscribe(std::vector<std::string> const& channels);

    void close(std::string why);

private:
    void arm_read();
    void arm_write();
    void detach();
    void ended(std::string why);

    boost::asio::posix::stream_descriptor descriptor_;
    redisAsyncContext* context_ = nullptr;
    Events events_;
    std::size_t in_flight_ = 0;
    bool up_ = false, over_ = false;
    bool read_wanted_ = false, read_armed_ = false, write_wanted_ = false, write_armed_ = false;
};

[[nodiscard]] Reply copy_reply(redisReply const* reply);

}  // namespace cho40::redis
