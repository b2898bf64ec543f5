#include "adapters/observability/job_group.h"
#include "base/check.h"
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/system/system_error.hpp>

namespace cho40::observability {

namespace asio = boost::asio;

namespace {

// What an exception says, or nothing when it only says that the work was cancelled.
std::string words_of(std::exception_ptr const& error)
{
    try {
        std::rethrow_exception(error);
    } catch (boost::system::system_error const& e) {
        return e.code() == asio::error::operation_aborted ? std::string() : std::string(e.what());
    } catch (std::exception const& e) {
        return e.what();
    } catch (...) {
        return "an exception that is not a std::exception";
    }
}

}  // namespace

JobGroup::JobGroup(asio::any_io_executor executor, std::string name, Log const& log, Metrics& metrics)
    : executor_(std::move(executor)), name_(std::move(name)), log_(log),
      running_(metrics.gauge("cho40_jobs_running", "Background jobs running now", {{"group", name_}})),
      failed_(metrics.counter("cho40_jobs_failed_total", "Background jobs that ended with an exception", {{"group", name_}})),
      idle_(executor_)
{
}

JobGroup::~JobGroup() { CHO_CHECK(jobs_.empty()); }

bool JobGroup::spawn(std::string job, asio::awaitable<void> work)
{
    if (stopping_) return false;
    jobs_.emplace_back();
    auto const at = std::prev(jobs_.end());
    at->name = std::move(job);
    running_.add(1);
    auto ended = [this, at](std::exception_ptr error) {
        if (error) {
            auto const words = words_of(error);
            if (!words.empty() || !stopping_) {
                failed_.add();
                log_.error("job.failed", {{"group", name_}, {"job", at->name}, {"error", words.empty() ? "cancelled" : words}});
            }
        }
        running_.add(-1);
        // The coroutine still holds the slot of at->stop while this handler runs; it goes one turn later.
        asio::post(executor_, [this, at] {
            jobs_.erase(at);
            if (jobs_.empty()) idle_.cancel();
        });
    };
    asio::co_spawn(executor_, std::move(work), asio::bind_cancellation_slot(at->stop.slot(), std::move(ended)));
    return true;
}

void JobGroup::cancel()
{
    stopping_ = true;
    // A job may end, and with it its place in the list, no earlier than the next turn of the loop.
    for (auto& job : jobs_) job.stop.emit(asio::cancellation_type::terminal);
}

asio::awaitable<std::size_t> JobGroup::drain(std::chrono::steady_clock::duration limit)
{
    stopping_ = true;
    auto const until = std::chrono::steady_clock::now() + limit;
    while (!jobs_.empty() && std::chrono::steady_clock::now() < until) {
        idle_.expires_at(until);
        co_await idle_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    auto const cut = jobs_.size();
    while (!jobs_.empty()) {
        cancel();
        // Asked again each second: a job between two waits does not hear the first time.
        idle_.expires_after(std::chrono::seconds(1));
        co_await idle_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    if (cut > 0) log_.warning("jobs.cut", {{"group", name_}, {"count", cut}});
    co_return cut;
}

}  // namespace cho40::observability
