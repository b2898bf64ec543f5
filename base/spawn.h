#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>

namespace cho40 {

// Runs `work` beside its caller, who waits for its end by a signal of their own. An exception is a mistake of ours and comes
// out of the loop.
inline void spawn(boost::asio::any_io_executor executor, boost::asio::awaitable<void> work)
{
    boost::asio::co_spawn(std::move(executor), std::move(work), [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    });
}

// Lets the loop do what else is waiting, then goes on: for work of milliseconds that must not hold up sockets.
[[nodiscard]] inline boost::asio::awaitable<void> take_turns()
{
    auto const executor = co_await boost::asio::this_coro::executor;
    co_await boost::asio::post(executor, boost::asio::use_awaitable);
}

}  // namespace cho40
