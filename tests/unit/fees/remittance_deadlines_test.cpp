#include "fees/remittance_deadlines.h"
#include "tests/unit/fees/tables_for_tests.h"

namespace cho40::fees {
namespace {

RemittanceDeadlines const& rules()
{
    static auto const read = RemittanceDeadlines::embedded();
    EXPECT_TRUE(read) << read.error().pointer << ' ' << read.error().detail;
    return *read;
}

struct Case {
    char const* fee;
    Day collected, last;
};
class Deadlines : public testing::TestWithParam<Case> {};

TEST_P(Deadlines, AreThoseOfTheFeesCircular)
{
    EXPECT_EQ(rules().last_day_for(GetParam().fee, GetParam().collected, WorkingDays::embedded()), GetParam().last)
        << rules().last_day_for(GetParam().fee, GetParam().collected, WorkingDays::embedded())->to_string();
}

Day on(int year, unsigned month, unsigned day) { return Day::from(year, month, day); }

INSTANTIATE_TEST_SUITE_P(Table, Deadlines,
                         testing::Values(
                             // Day 5 of the next month; on a Saturday the Monday after.
                             Case{"CERT_COPY", on(2026, 10, 1), on(2026, 11, 5)}, Case{"CERT_COPY", on(2026, 10, 31), on(2026, 11, 5)},
                             Case{"CERT_COPY", on(2026, 11, 30), on(2026, 12, 7)}, Case{"CERT_COPY", on(2026, 12, 31), on(2027, 1, 5)},
                             // Thursday of the next week, for Monday as for Sunday.
                             Case{"PP_NEW", on(2026, 11, 16), on(2026, 11, 26)}, Case{"PP_NEW", on(2026, 11, 22), on(2026, 11, 26)},
                             Case{"PP_NEW", on(2026, 11, 23), on(2026, 12, 3)}, Case{"DL_SWAP", on(2026, 11, 22), on(2026, 11, 26)}));

TEST(Deadlines, NothingIsSaidOfDaysWithoutARule)
{
    EXPECT_FALSE(rules().last_day_for("CERT_COPY", on(2025, 12, 31), WorkingDays::embedded()));
}

TEST(Deadlines, NameFeesOfTheScheduleOnly)
{
    for (auto const& row : rules().all()) {
        if (row.fee_code != "*") EXPECT_TRUE(embedded_tables().any_rate(row.fee_code)) << row.fee_code;
    }
}

struct Wrong {
    char const* row;
    char const* column;
};
class WrongDeadlines : public testing::TestWithParam<Wrong> {};

TEST_P(WrongDeadlines, AreNamedByLineAndColumn)
{
    auto const read = RemittanceDeadlines::read("fee_code,rhythm,day,valid_from,valid_to,legal_basis\n*,monthly,5,2026-01-01,,x\n" +
                                                std::string(GetParam().row));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().pointer, "line 3, column " + std::string(GetParam().column));
}

INSTANTIATE_TEST_SUITE_P(Table, WrongDeadlines,
                         testing::Values(Wrong{",monthly,5,,,x\n", "fee_code"}, Wrong{"A,daily,5,,,x\n", "rhythm"},
                                         Wrong{"A,monthly,29,,,x\n", "day"}, Wrong{"A,weekly,8,,,x\n", "day"},
                                         Wrong{"A,weekly,0,,,x\n", "day"}, Wrong{"A,weekly,,,,x\n", "day"},
                                         Wrong{"*,monthly,6,2026-05-01,,x\n", "valid_from"}, Wrong{"A,monthly,5,,,\n", "legal_basis"}));

}  // namespace
}  // namespace cho40::fees
