#include "adapters/identity/try_limiter.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::identity {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

Instant const start{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)};

TEST(TryLimiter, PausesDoubleUpToTheMost)
{
    TryLimits const limits;
    for (int free = 0; free < 5; ++free) EXPECT_EQ(pause_after(free, limits), seconds(0)) << free;
    EXPECT_EQ(pause_after(5, limits), seconds(30));
    EXPECT_EQ(pause_after(6, limits), seconds(60));
    EXPECT_EQ(pause_after(9, limits), seconds(480));
    EXPECT_EQ(pause_after(10, limits), minutes(15));
    EXPECT_EQ(pause_after(1'000'000, limits), minutes(15));
}

TEST(TryLimiter, OnlyTheNameThatFailsHasToWait)
{
    TryLimiter limiter;
    for (int i = 0; i < 5; ++i) {
        EXPECT_TRUE(limiter.may_try("bathe", start));
        limiter.failed("bathe", start);
    }
    EXPECT_FALSE(limiter.may_try("bathe", start));
    EXPECT_TRUE(limiter.may_try("ongtu", start));
    EXPECT_FALSE(limiter.may_try("bathe", start + seconds(29)));
    EXPECT_TRUE(limiter.may_try("bathe", start + seconds(30)));
    limiter.failed("bathe", start + seconds(30));
    EXPECT_FALSE(limiter.may_try("bathe", start + seconds(89)));
    limiter.forget("bathe");
    EXPECT_TRUE(limiter.may_try("bathe", start + seconds(31)));
}

TEST(TryLimiter, FailuresAreForgottenAfterAnHourOfQuiet)
{
    TryLimiter limiter;
    for (int i = 0; i < 4; ++i) limiter.failed("bathe", start);
    limiter.failed("bathe", start + minutes(61));
    EXPECT_TRUE(limiter.may_try("bathe", start + minutes(61)));
}

TEST(TryLimiter, OneRightTryTakesBackOneFailureOnly)
{
    TryLimiter limiter;
    for (int i = 0; i < 6; ++i) limiter.failed("10.0.0.1", start);
    limiter.take_back("10.0.0.1");
    EXPECT_FALSE(limiter.may_try("10.0.0.1", start));
    limiter.take_back("10.0.0.1");
    EXPECT_TRUE(limiter.may_try("10.0.0.1", start));
}

RC_GTEST_PROP(TryLimiter, NeverHoldsMoreNamesThanItsBound, (std::vector<std::uint8_t> const& names))
{
    TryLimits limits;
    limits.names_max = 8;
    TryLimiter limiter(limits);
    auto now = start;
    for (auto const name : names) {
        limiter.failed(std::to_string(name), now);
        now += seconds(1);
        RC_ASSERT(limiter.size() <= limits.names_max);
    }
}

}  // namespace
}  // namespace cho40::identity
