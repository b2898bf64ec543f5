#include "adapters/api/tax_timeline.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using namespace literals;
using http::Language;

constexpr Dong threshold = 1'000'000'000_vnd;

etax::HouseholdTurnover turnover_of(std::vector<std::pair<unsigned, Dong>> const& months)
{
    etax::HouseholdTurnover turnover;
    turnover.year = 2026;
    for (auto const& [month, sum] : months) turnover.cells.push_back({0, month, etax::SalesChannel::qr, 1, sum});
    return turnover;
}

Instant noon(unsigned month, unsigned day) { return Day::from(2026, month, day).begin() + std::chrono::hours(12); }

std::vector<TimelineStep> months(etax::HouseholdTurnover const& turnover, Instant now, Language language = Language::vi)
{
    std::vector<TimelineStep> out;
    add_months(turnover, now, threshold, language, out);
    return out;
}

TEST(TaxTimeline, TheRunningMonthIsCountedToToday)
{
    auto const steps = months(turnover_of({{10, 30'000'000_vnd}, {11, 5'000'000_vnd}}), noon(11, 22));
    ASSERT_EQ(steps.size(), 2u);
    EXPECT_EQ(steps[0].text, "Doanh thu tháng 10/2026");
    EXPECT_EQ(steps[0].counted, Day::from(2026, 10, 31));
    EXPECT_EQ(steps[1].text, "Doanh thu tháng 11/2026, tính đến hôm nay");
    EXPECT_EQ(steps[1].counted, Day::from(2026, 11, 22));
    EXPECT_EQ(steps[1].at, noon(11, 22));
}

TEST(TaxTimeline, AMonthRunsUntilItsLastDayIsOver)
{
    auto const sold = turnover_of({{10, 30'000'000_vnd}});
    EXPECT_EQ(months(sold, noon(10, 31))[0].text, "Doanh thu tháng 10/2026, tính đến hôm nay");
    EXPECT_EQ(months(sold, noon(11, 1))[0].text, "Doanh thu tháng 10/2026");
    EXPECT_EQ(months(sold, noon(11, 1), Language::en)[0].text, "Turnover of 10/2026");
}

TEST(TaxTimeline, TheThresholdIsPassedOnce)
{
    auto const steps = months(turnover_of({{1, 900'000'000_vnd}, {2, 200'000'000_vnd}, {3, 100'000'000_vnd}}), noon(11, 22));
    ASSERT_EQ(steps.size(), 4u);
    EXPECT_EQ(steps[2].what, "threshold_passed");
    EXPECT_EQ(steps[2].text, "Doanh thu năm vượt 1.000.000.000 đ");
    EXPECT_EQ(steps[2].amount, 1'100'000'000_vnd);
    EXPECT_EQ(steps[2].counted, Day::from(2026, 2, 28));
}

TEST(TaxTimeline, AYearToComeHasNoMonths)
{
    auto turnover = turnover_of({{1, 900'000'000_vnd}});
    turnover.year = 2027;
    EXPECT_TRUE(months(turnover, noon(12, 31)).empty());
}

TEST(TaxTimeline, NewestFirstAndOfOneMomentTheLastAdded)
{
    auto const made = timeline_json({{noon(1, 1), std::nullopt, "notice_843", "843", std::nullopt, "tnt_1"},
                                     {noon(1, 1), std::nullopt, "notice_844", "844", std::nullopt, "tnt_2"},
                                     {noon(1, 2), Day::from(2026, 1, 2), "turnover_month", "sum", 5_vnd, ""}});
    EXPECT_EQ(made[0]["what"], "turnover_month");
    EXPECT_EQ(made[0]["on"], "2026-01-02");
    EXPECT_EQ(made[0]["ref"], nullptr);
    EXPECT_EQ(made[1]["what"], "notice_844");
    EXPECT_EQ(made[1]["on"], nullptr);
    EXPECT_EQ(made[2]["ref"], "tnt_1");
}

}  // namespace
}  // namespace cho40::api
