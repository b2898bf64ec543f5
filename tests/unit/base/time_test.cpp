#include "base/time.h"
#include <gtest/gtest.h>

namespace cho40 {
namespace {

TEST(Day, ChangesAtLocalMidnight)
{
    EXPECT_EQ(Day::of(*parse_rfc3339("2026-11-21T16:59:59.999Z")).to_string(), "2026-11-21");
    EXPECT_EQ(Day::of(*parse_rfc3339("2026-11-21T17:00:00Z")).to_string(), "2026-11-22");
    EXPECT_EQ(to_rfc3339(Day::from(2026, 11, 22).begin()), "2026-11-21T17:00:00.000Z");
    EXPECT_EQ(Day::from(2026, 12, 31).plus_days(1).to_string(), "2027-01-01");
    EXPECT_TRUE(Day::from(2026, 10, 31).is_weekend());
}

TEST(Time, ReadsWhatItWritesAndNothingElse)
{
    EXPECT_EQ(to_rfc3339(*parse_rfc3339("2026-11-22T10:15:30.12+07:00")), "2026-11-22T03:15:30.120Z");
    EXPECT_EQ(to_local_time(*parse_local_time("2023-02-04 18:25:00")), "2023-02-04 18:25:00");
    EXPECT_EQ(to_vietnamese_time(*parse_local_time("2026-11-22 10:15:00")), "22/11/2026 10:15");
    for (char const* bad : {"", "2026-13-01", "2026-02-29", "2026-1-1", "20261122"}) EXPECT_FALSE(Day::parse(bad)) << bad;
    for (char const* bad :
         {"2026-11-22", "2026-11-22T25:00:00Z", "2026-11-22T03:15:30", "2026-11-22T03:15:30.Z", "2026-11-22T03:15:30+7"}) {
        EXPECT_FALSE(parse_rfc3339(bad)) << bad;
    }
    EXPECT_FALSE(parse_local_time("2023-02-04 18:25"));
}

}  // namespace
}  // namespace cho40
