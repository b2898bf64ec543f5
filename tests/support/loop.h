#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <optional>

namespace cho40::tests {

// A loop for tests against real servers: run() ends with its coroutine and leaves other work (a pool, a listener)
// where it is, for the next run().
class Loop {
public:
    [[nodiscard]] boost::asio::any_io_executor executor() { return loop_.get_executor(); }

    template <class T>
    T run(boost::asio::awaitable<T> work)
    {
        std::optional<T> value;
        std::exception_ptr error;
        boost::asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr e, T v) {
            error = e;
            value.emplace(std::move(v));
            loop_.stop();
        });
        loop_.restart();
        loop_.run();
        if (error) std::rethrow_exception(error);
        return std::move(value).value();
    }

    void run(boost::asio::awaitable<void> work)
    {
        std::exception_ptr error;
        boost::asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr e) {
            error = e;
            loop_.stop();
        });
        loop_.restart();
        loop_.run();
        if (error) std::rethrow_exception(error);
    }

    // What is ready now, for instance the end of a connection that was just closed.
    void drain()
    {
        loop_.restart();
        loop_.poll();
    }

private:
    boost::asio::io_context loop_{1};
};

// Comes back when `condition` holds; false after forty seconds, which a busy machine may need. For what another process does in its own time.
inline boost::asio::awaitable<bool> eventually(std::function<bool()> condition)
{
    auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(40);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) co_return false;
        boost::asio::steady_timer tick(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(2));
        co_await tick.async_wait(boost::asio::use_awaitable);
    }
    co_return true;
}

}  // namespace cho40::tests
