#include "apps/service/periodic.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::service {

boost::asio::awaitable<void> periodically(std::string name, std::chrono::milliseconds pause, observability::Log const& log,
                                          std::function<boost::asio::awaitable<Result<bool>>()> work)
{
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    for (;;) {
        auto more = co_await work();
        if (!more)
            log.warning("job.round_failed", {{"job", name}, {"code", errc_name(more.error().code)}, {"detail", more.error().detail}});
        if (more && *more) continue;
        timer.expires_after(pause);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }
}

}  // namespace cho40::service
