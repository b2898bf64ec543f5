#include "adapters/observability/job_group.h"
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

namespace cho40::observability {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

struct Group {
    asio::io_context loop;
    SystemClock clock;
    std::string lines;
    Log log{clock, Level::debug, [this](std::string_view line) { lines += line; }};
    Metrics metrics;
    JobGroup jobs{loop.get_executor(), "test", log, metrics};

    std::size_t drain(std::chrono::milliseconds limit)
    {
        auto result = asio::co_spawn(loop, jobs.drain(limit), asio::use_future);
        loop.restart();
        loop.run();
        return result.get();
    }
};

asio::awaitable<void> sleep_for(std::chrono::milliseconds time, int& done)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
    ++done;
}

asio::awaitable<void> break_down()
{
    throw std::runtime_error("it broke");
    co_return;
}

TEST(JobGroup, WaitsForWhatRuns)
{
    Group group;
    int done = 0;
    group.jobs.spawn("one", sleep_for(5ms, done));
    group.jobs.spawn("two", sleep_for(10ms, done));
    EXPECT_EQ(group.jobs.running(), 2U);
    EXPECT_EQ(group.drain(5s), 0U);
    EXPECT_EQ(done, 2);
    EXPECT_EQ(group.jobs.running(), 0U);
    EXPECT_FALSE(group.jobs.spawn("late", sleep_for(1ms, done)));
}

TEST(JobGroup, CancelsWhatDoesNotEndInTime)
{
    Group group;
    int done = 0;
    group.jobs.spawn("for_ever", sleep_for(std::chrono::hours(1), done));
    group.jobs.spawn("short", sleep_for(1ms, done));
    EXPECT_EQ(group.drain(30ms), 1U);
    EXPECT_EQ(done, 1);
    EXPECT_EQ(group.lines.find("job.failed"), std::string::npos) << "being cancelled at shutdown is no failure";
}

TEST(JobGroup, LogsWhatIsThrown)
{
    Group group;
    group.jobs.spawn("breaks", break_down());
    EXPECT_EQ(group.drain(5s), 0U);
    EXPECT_NE(group.lines.find(R"("event":"job.failed","group":"test","job":"breaks","error":"it broke")"), std::string::npos)
        << group.lines;
    EXPECT_NE(group.metrics.text().find("cho40_jobs_failed_total{group=\"test\"} 1"), std::string::npos);
}

}  // namespace
}  // namespace cho40::observability
