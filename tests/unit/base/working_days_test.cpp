#include "base/working_days.h"
#include <gtest/gtest.h>

namespace cho40 {
namespace {

TEST(WorkingDays, MovesOverWeekendsAndHolidays)
{
    auto const& calendar = WorkingDays::embedded();
    struct Row {
        char const* day;
        char const* works;
    };
    for (auto const& row : {Row{"2026-10-31", "2026-11-02"},    // Saturday
                            Row{"2026-04-30", "2026-05-04"},    // two holidays and a weekend
                            Row{"2026-02-16", "2026-02-23"},    // Tết
                            Row{"2026-07-31", "2026-07-31"}}) {  // a Friday like any other
        EXPECT_EQ(calendar.first_working_day_from(*Day::parse(row.day)).to_string(), row.works) << row.day;
    }
    EXPECT_EQ(calendar.add_working_days(Day::from(2026, 10, 30), 1).to_string(), "2026-11-02");
    EXPECT_EQ(calendar.add_working_days(Day::from(2026, 10, 30), 0).to_string(), "2026-10-30");
}

TEST(WorkingDays, CountsThoseThatWentBy)
{
    auto const& calendar = WorkingDays::embedded();
    struct Row {
        char const* from;
        char const* to;
        int days;
    };
    for (auto const& row :
         {Row{"2026-10-30", "2026-10-30", 0}, Row{"2026-10-30", "2026-10-31", 0},  // Friday, Saturday
          Row{"2026-10-30", "2026-11-02", 1}, Row{"2026-04-29", "2026-05-04", 1}, Row{"2026-02-13", "2026-02-23", 1},  // over Tết
          Row{"2026-10-01", "2026-10-30", 21}, Row{"2026-10-30", "2026-10-01", 0}}) {
        EXPECT_EQ(calendar.working_days_between(*Day::parse(row.from), *Day::parse(row.to)), row.days) << row.from << " " << row.to;
    }
}

TEST(WorkingDays, RefusesATableThatCannotBe)
{
    EXPECT_FALSE(WorkingDays::parse("from,to,name\n2026-02-20,2026-02-16,x\n"));
    EXPECT_FALSE(WorkingDays::parse("from,to,name\n2026-02-16,2026-12-16,x\n"));
    EXPECT_FALSE(WorkingDays::parse("from,to,name\n2026-02-30,2026-03-01,x\n"));
    EXPECT_FALSE(WorkingDays::parse("day\n2026-02-16\n"));
    EXPECT_TRUE(WorkingDays::parse("from,to,name\n"));
}

}  // namespace
}  // namespace cho40
