#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
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

}  // namespace cho40
