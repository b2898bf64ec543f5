#include "reconcile/settings.h"
#include <gtest/gtest.h>

namespace cho40::reconcile {
namespace {

std::string const header =
    "partner,counterparty,file_due_local,midnight_window_minutes,order_window_hours,unnamed_settlement_days,overdue_after_days,valid_from,valid_to,source\n";

TEST(Settings, BuiltInPartner)
{
    auto const settings = settings_for("VNP", Day::from(2026, 11, 16));
    ASSERT_TRUE(settings) << settings.error().detail;
    EXPECT_EQ(settings->counterparties, std::vector<std::string>{"CTY CP GIAI PHAP THANH TOAN VN"});
    EXPECT_EQ(to_local_time(settings->due(Day::from(2026, 11, 16))), "2026-11-17 10:00:00");
    EXPECT_EQ(settings->midnight_window, std::chrono::minutes(15));
    EXPECT_EQ(settings_for("", Day::from(2026, 11, 16))->partner, "VNP");
    EXPECT_EQ(settings_for("XYZ", Day::from(2026, 11, 16)).error().code, Errc::not_found);
}

TEST(Settings, RowsAreDatedAndNamesAddUp)
{
    auto const csv =
        header +
        "A,OLD NAME,09:00,15,24,3,1,2026-01-01,2026-06-30,x\nA,NAME ONE,11:30,10,12,2,0,2026-07-01,,x\nA,NAME TWO,11:30,10,12,2,0,2026-07-01,,x\nB,OTHER,10:00,15,24,3,1,2026-01-01,,x\n";
    auto const settings = settings_from(csv, "A", Day::from(2026, 7, 1));
    ASSERT_TRUE(settings) << settings.error().detail;
    EXPECT_EQ(settings->counterparties, (std::vector<std::string>{"NAME ONE", "NAME TWO"}));
    EXPECT_EQ(settings->file_due, std::chrono::minutes(690));
    EXPECT_EQ(settings_from(csv, "A", Day::from(2026, 6, 30))->counterparties, std::vector<std::string>{"OLD NAME"});
    EXPECT_EQ(settings_from(csv, "", Day::from(2026, 7, 1))->counterparties.size(), 2u);
}

TEST(Settings, SayWhichCellIsWrong)
{
    for (char const* row : {"A,N,1000,15,24,3,1,2026-01-01,,x", "A,N,24:00,15,24,3,1,2026-01-01,,x", "A,N,10:00,-1,24,3,1,2026-01-01,,x",
                            "A,N,10:00,15,x,3,1,2026-01-01,,x", "A,N,10:00,15,24,3,1,2026-13-01,,x"}) {
        EXPECT_FALSE(settings_from(header + row + "\n", "A", Day::from(2026, 7, 1))) << row;
    }
}

}  // namespace
}  // namespace cho40::reconcile
