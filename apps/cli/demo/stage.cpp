#include "apps/cli/demo/stage.h"
#include "base/signal.h"
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/this_coro.hpp>
#include <iostream>
#include <unistd.h>

namespace cho40::cli::demo {

Progress::Progress(std::string phase, std::int64_t total) : phase_(std::move(phase)), total_(total), terminal_(isatty(STDERR_FILENO) == 1)
{
}

void Progress::step(std::int64_t by)
{
    done_ += by;
    if (terminal_ && total_ > 0 && done_ * 200 / total_ != drawn_) draw(false);
}

void Progress::draw(bool last)
{
    drawn_ = total_ > 0 ? done_ * 200 / total_ : 0;
    constexpr int width = 30;
    auto const filled = total_ > 0 ? static_cast<int>(done_ * width / total_) : width;
    std::cerr << '\r' << phase_ << "  [";
    for (int i = 0; i < width; ++i) std::cerr << (i < filled ? '#' : '.');
    std::cerr << "] " << done_ << '/' << total_ << (last ? "\n" : "") << std::flush;
}

void Progress::done(std::string const& summary)
{
    if (terminal_) draw(true);
    std::cerr << phase_ << ": " << summary << '\n';
}

boost::asio::awaitable<Result<Done>> for_each(std::size_t count, std::size_t at_once,
                                              std::function<boost::asio::awaitable<Result<Done>>(std::size_t)> work)
{
    auto const executor = co_await boost::asio::this_coro::executor;
    std::size_t next = 0;
    std::size_t running = 0;
    std::optional<Error> error;
    Signal idle(executor);
    auto lane = [&]() -> boost::asio::awaitable<void> {
        while (next < count && !error) {
            auto const mine = next++;
            auto result = co_await work(mine);
            if (!result && !error) error = std::move(result).error();
        }
    };
    for (std::size_t i = 0; i < std::min(count, at_once); ++i) {
        ++running;
        boost::asio::co_spawn(executor, lane(), [&](std::exception_ptr thrown) {
            if (thrown && !error) error = Error(Errc::internal_error, "an exception in the demonstration");
            if (--running == 0) idle.ring();
        });
    }
    if (running > 0) co_await idle.wait();
    if (error) co_return tl::unexpected<Error>(*error);
    co_return Done{};
}

}  // namespace cho40::cli::demo
