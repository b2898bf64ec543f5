#include "etax/obligations.h"
#include "tests/unit/etax/sample_rates.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::etax {
namespace {

TEST(DueDay, IsMovedToTheNextWorkingDay)
{
    struct Row {
        char const* period;
        char const* due;
    };
    for (auto const& row :
         {Row{"2026-Q1", "2026-05-04"}, Row{"2026-Q2", "2026-07-31"}, Row{"2026-Q3", "2026-11-02"}, Row{"2026-Q4", "2027-02-01"},
          Row{"2026-07", "2026-08-20"}, Row{"2026-11", "2026-12-21"}, Row{"2026-12", "2027-01-20"}, Row{"2026", "2027-03-31"}}) {
        EXPECT_EQ(due_day(*Period::parse(row.period), WorkingDays::embedded()).to_string(), row.due) << row.period;
    }
    EXPECT_EQ(annual_notice_due_day(2026, WorkingDays::embedded()).to_string(), "2027-02-01");
    EXPECT_EQ(to_vietnamese_time(send_latest(Day::from(2026, 11, 2))), "02/11/2026 22:00");
}

TEST(PeriodStatus, OpensAfterItsLastDayAndClosesFiveYearsAfterTheDueDay)
{
    auto const period = *Period::parse("2026-Q3");
    auto const& calendar = WorkingDays::embedded();
    EXPECT_EQ(period_status(period, Day::from(2026, 9, 30), calendar), PeriodStatus::not_open);
    EXPECT_EQ(period_status(period, Day::from(2026, 10, 1), calendar), PeriodStatus::open);
    EXPECT_EQ(period_status(period, Day::from(2026, 11, 2), calendar), PeriodStatus::open);
    EXPECT_EQ(period_status(period, Day::from(2026, 11, 3), calendar), PeriodStatus::late);
    EXPECT_EQ(period_status(period, Day::from(2031, 11, 2), calendar), PeriodStatus::late);
    EXPECT_EQ(period_status(period, Day::from(2031, 11, 3), calendar), PeriodStatus::closed);

    EXPECT_EQ(require_open(period, Day::from(2026, 9, 30), calendar).error().code, Errc::period_not_open);
    EXPECT_EQ(require_open(period, Day::from(2032, 1, 1), calendar).error().code, Errc::period_closed);
    EXPECT_TRUE(require_open(period, Day::from(2026, 10, 1), calendar));
}

TEST(LateInterest, RunsFromTheDayAfterTheMovedDueDayToTheDayBeforeTheMoney)
{
    auto const rates = sample_rates();
    auto const due = Day::from(2026, 10, 31);
    auto at = [&](Day paid) { return *late_interest(Dong(10'000'000), due, paid, rates, WorkingDays::embedded()); };
    EXPECT_EQ(at(Day::from(2026, 11, 25)).days, 22);
    EXPECT_EQ(at(Day::from(2026, 11, 25)).amount, Dong(66'000));
    EXPECT_EQ(at(Day::from(2026, 11, 2)).days, 0);
    EXPECT_EQ(at(Day::from(2026, 11, 3)).days, 0);
    EXPECT_EQ(at(Day::from(2026, 11, 4)).amount, Dong(3'000));
    EXPECT_EQ(late_interest(Dong(-1), due, due, rates, WorkingDays::embedded()).error().code, Errc::invalid_input);
    EXPECT_EQ(late_interest(Dong(INT64_MAX), due, Day::from(2099, 1, 1), rates, WorkingDays::embedded()).error().code,
              Errc::amount_overflow);
}

TEST(SmallAmount, IsExemptUpToFiftyThousandFromJuly2026)
{
    auto const rates = sample_rates();
    auto payable = [&](std::int64_t tax, Day end) { return after_small_amount_rule(Dong(tax), end, rates)->amount; };
    EXPECT_EQ(payable(50'000, Day::from(2026, 9, 30)), Dong(0));
    EXPECT_EQ(payable(50'001, Day::from(2026, 9, 30)), Dong(50'001));
    EXPECT_EQ(payable(50'000, Day::from(2026, 6, 30)), Dong(50'000));
    EXPECT_EQ(after_small_amount_rule(Dong(40'000), Day::from(2026, 9, 30), rates)->exempt, Dong(40'000));
}

TEST(FilingFrequency, IsMonthlyAboveFiftyBillion)
{
    auto const rates = sample_rates();
    EXPECT_EQ(*filing_frequency(Dong(50'000'000'000), Day::from(2026, 9, 30), rates), PeriodKind::quarter);
    EXPECT_EQ(*filing_frequency(Dong(50'000'000'001), Day::from(2026, 9, 30), rates), PeriodKind::month);
}

RC_GTEST_PROP(LateInterestProperty, NeverFallsAsTimePasses, ())
{
    auto const rates = sample_rates();
    auto const tax = Dong(*rc::gen::inRange<std::int64_t>(0, 1'000'000'000'000));
    auto const days = *rc::gen::inRange(0, 3000);
    auto const due = Day::from(2026, 10, 31);
    auto const one = late_interest(tax, due, due.plus_days(days), rates, WorkingDays::embedded());
    auto const two = late_interest(tax, due, due.plus_days(days + 1), rates, WorkingDays::embedded());
    RC_ASSERT(one->amount <= two->amount);
}

}  // namespace
}  // namespace cho40::etax
