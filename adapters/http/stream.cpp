#include "adapters/http/stream.h"
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <sys/socket.h>

namespace cho40::http {

namespace asio = boost::asio;
using Time = std::chrono::steady_clock::time_point;

struct Deadline::State {
    State(asio::any_io_executor executor, std::function<void()> callback) : timer(std::move(executor)), expired(std::move(callback)) {}
    asio::steady_timer timer;
    std::function<void()> expired;  // empty when the owner is gone
    Time due = Time::max();
    Time armed = Time::max();  // when the timer will fire; max: it is not running
};

Deadline::Deadline(asio::any_io_executor executor, std::function<void()> expired)
    : state_(std::make_shared<State>(std::move(executor), std::move(expired)))
{
}

Deadline::~Deadline()
{
    state_->expired = nullptr;
    state_->timer.cancel();
}

void Deadline::expires_after(std::chrono::steady_clock::duration limit)
{
    state_->due = std::chrono::steady_clock::now() + limit;
    if (state_->due < state_->armed) arm(state_);
}

void Deadline::never() { state_->due = Time::max(); }

void Deadline::arm(std::shared_ptr<State> const& state)
{
    state->armed = state->due;
    state->timer.expires_at(state->due);
    state->timer.async_wait([state](boost::system::error_code error) {
        if (error || !state->expired) return;  // armed anew, or the owner is gone
        state->armed = Time::max();
        if (state->due == Time::max()) return;
        if (state->due > std::chrono::steady_clock::now()) return arm(state);
        state->due = Time::max();
        auto const expired = state->expired;
        expired();
    });
}

Stream::Stream(asio::any_io_executor executor)
    : deadline_(std::move(executor), [this] {
          timed_out_ = true;
          interrupt();
      })
{
}

namespace {

class TcpStream final : public Stream {
public:
    explicit TcpStream(asio::ip::tcp::socket socket) : Stream(socket.get_executor()), socket_(std::move(socket))
    {
        boost::system::error_code ignored;
        socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    }

    asio::awaitable<boost::system::error_code> handshake() override { co_return boost::system::error_code(); }

    asio::awaitable<Transfer> read_some(asio::mutable_buffer buffer) override
    {
        if (timed_out()) co_return Transfer{asio::error::timed_out, 0};
        auto [error, bytes] = co_await socket_.async_read_some(buffer, asio::as_tuple(asio::use_awaitable));
        co_return Transfer{error, bytes};
    }

    asio::awaitable<Transfer> write(asio::const_buffer first, asio::const_buffer second) override
    {
        if (timed_out()) co_return Transfer{asio::error::timed_out, 0};
        std::array<asio::const_buffer, 2> const buffers = {first, second};
        auto [error, bytes] = co_await asio::async_write(socket_, buffers, asio::as_tuple(asio::use_awaitable));
        co_return Transfer{error, bytes};
    }

    asio::awaitable<void> shutdown() override
    {
        boost::system::error_code ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        co_return;
    }

    void cut() override
    {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

    bool is_stale() override
    {
        if (!socket_.is_open()) return true;
        char byte = 0;
        auto const n = ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        return n >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
    }

protected:
    void interrupt() override
    {
        boost::system::error_code ignored;
        socket_.cancel(ignored);
    }

private:
    asio::ip::tcp::socket socket_;
};

}  // namespace

std::unique_ptr<Stream> make_tcp_stream(asio::ip::tcp::socket socket) { return std::make_unique<TcpStream>(std::move(socket)); }

}  // namespace cho40::http
