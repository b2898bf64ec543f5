#include "fees/schedule_difference.h"
#include "tests/unit/fees/tables_for_tests.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using Kind = ScheduleChange::Kind;

std::string const head = "procedure_code,procedure_name_vi,procedure_name_en,agency,fee_code,kind,amount_vnd,unit,online_amount_vnd,"
                         "reduction_rule,budget_subitem,retained_percent,effective_from,effective_to,legal_basis,confidence\n";

std::string row(std::string const& code, std::string const& amount, std::string const& from, std::string const& to,
                std::string const& basis = "TT 1", std::string const& online = "")
{
    return "1.004222,Đăng ký " + code + ",Registration " + code + ",Công an," + code + ",le_phi," + amount + ",per_registration," + online +
           ",,2767,0," + from + "," + to + "," + basis + ",V2\n";
}

std::vector<ScheduleChange> difference(std::string const& before, std::string const& after)
{
    auto changes = schedule_difference(head + before, head + after);
    EXPECT_TRUE(changes) << changes.error().detail;
    return changes ? *changes : std::vector<ScheduleChange>{};
}

TEST(ScheduleDifference, OfAFileAndItselfInAnotherOrderIsNothing)
{
    auto const a = row("A", "1000", "2026-01-01", ""), b = row("B", "2000", "", "");
    EXPECT_TRUE(difference(a + b, b + a).empty());
    auto const embedded = std::string(FeeTables::embedded_schedule());
    EXPECT_TRUE(schedule_difference(embedded, embedded)->empty());
}

TEST(ScheduleDifference, ANewPriceFromADayIsOneRowThatEndsAndOneThatIsAdded)
{
    auto const changes = difference(row("A", "200000", "2026-01-01", ""),
                                    row("A", "200000", "2026-01-01", "2026-12-31") + row("A", "250000", "2027-01-01", ""));

    ASSERT_EQ(changes.size(), 2u);
    EXPECT_EQ(changes[0].kind, Kind::ended);
    EXPECT_EQ(changes[0].first_day, Day::from(2027, 1, 1));
    EXPECT_FALSE(changes[0].reaches_before(Day::from(2026, 11, 24)));
    EXPECT_EQ(change_text_vi(changes[0]),
              "Kết thúc - Đăng ký A (A): 200.000 đ (per_registration), từ 01/01/2026 thành từ 01/01/2026 đến hết 31/12/2026.");
    EXPECT_EQ(changes[1].kind, Kind::added);
    EXPECT_EQ(changes[1].first_day, Day::from(2027, 1, 1));
    EXPECT_EQ(change_text_en(changes[1]), "Added - Registration A (A): 250.000 đ (per_registration), from 01/01/2027.");
}

TEST(ScheduleDifference, AnotherAmountOnDaysThatHavePassedIsToldToReachBack)
{
    auto const changes = difference(row("A", "200000", "2026-01-01", "", "TT 1", "100000"), row("A", "210000", "2026-01-01", "", "TT 2"));

    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].kind, Kind::changed);
    EXPECT_EQ(changes[0].columns, (std::vector<std::string>{"amount_vnd", "online_amount_vnd", "legal_basis"}));
    EXPECT_TRUE(changes[0].reaches_before(Day::from(2026, 11, 24)));
    EXPECT_EQ(change_text_vi(changes[0]),
              "Đổi - Đăng ký A (A): 200.000 đ (per_registration), trực tuyến 100.000 đ thành 210.000 đ (per_registration); "
              "legal_basis: \"TT 1\" thành \"TT 2\".");
}

TEST(ScheduleDifference, ARowWhoseFirstDayMovedIsChangedNotRemovedAndAdded)
{
    auto const changes = difference(row("A", "1000", "2027-01-01", ""), row("A", "1500", "2027-02-01", ""));

    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].kind, Kind::changed);
    EXPECT_EQ(changes[0].first_day, Day::from(2027, 1, 1));
    EXPECT_EQ(change_text_en(changes[0]),
              "Changed - Registration A (A): 1.000 đ (per_registration) becomes 1.500 đ (per_registration); from 01/01/2027 becomes from "
              "01/02/2027.");
}

TEST(ScheduleDifference, ARowThatIsGoneSaysWhatIsNotKnownAnyMore)
{
    auto const changes = difference(row("A", "1000", "", "") + row("B", "2000", "2026-01-01", ""), row("B", "2000", "2026-01-01", ""));

    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].kind, Kind::removed);
    EXPECT_FALSE(changes[0].first_day);
    EXPECT_TRUE(changes[0].reaches_before(Day::from(2000, 1, 1)));
    EXPECT_EQ(change_text_vi(changes[0]),
              "Bỏ - Đăng ký A (A): 1.000 đ (per_registration), không thời hạn. Những ngày đó sẽ không còn mức thu.");
}

TEST(ScheduleDifference, ALongerEndIsAChangeFromTheDayAfterTheEarlierEnd)
{
    auto const changes = difference(row("A", "1000", "2026-01-01", "2026-12-31"), row("A", "1000", "2026-01-01", "2027-06-30"));

    ASSERT_EQ(changes.size(), 1u);
    EXPECT_EQ(changes[0].kind, Kind::changed);
    EXPECT_EQ(changes[0].first_day, Day::from(2027, 1, 1));
}

TEST(ScheduleDifference, AsAFileDefusesWhatASpreadsheetWouldCompute)
{
    auto const changes = difference("", row("A", "1000", "2027-01-01", "", "=HYPERLINK(1)"));
    auto const csv = difference_csv(changes);
    EXPECT_TRUE(csv.starts_with("change,fee_code,procedure_name_vi,procedure_name_en,old_amount_vnd,new_amount_vnd,")) << csv;
    EXPECT_NE(csv.find("\nadded,A,Đăng ký A,Registration A,,1000,,,,per_registration,,2027-01-01,,,2027-01-01,,"), std::string::npos)
        << csv;
    EXPECT_EQ(csv.find("\n="), std::string::npos);
    EXPECT_EQ(csv.find(",="), std::string::npos);
}

}  // namespace
}  // namespace cho40::fees
