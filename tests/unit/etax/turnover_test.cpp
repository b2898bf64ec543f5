#include "etax/turnover.h"
#include <gtest/gtest.h>

namespace cho40::etax {
namespace {

constexpr ledger::BookId home{1}, elsewhere{2};

HouseholdTurnover of_two_markets()
{
    HouseholdTurnover turnover;
    turnover.year = 2026;
    turnover.stalls.resize(2);
    turnover.stalls[0].stall.book = home;
    turnover.stalls[1].stall.book = elsewhere;
    turnover.cells = {
        {.stall = 0, .month = 2, .channel = SalesChannel::qr, .count = 3, .sum = Dong(90000), .last_seq = 70},
        {.stall = 0, .month = 3, .channel = SalesChannel::cash, .count = 1, .sum = Dong(10000), .last_seq = 40},
        {.stall = 0, .month = 4, .channel = SalesChannel::qr, .count = 1, .sum = Dong(20000), .last_seq = 90},
        {.stall = 1, .month = 3, .channel = SalesChannel::qr, .count = 1, .sum = Dong(30000), .last_seq = 500},
    };
    return turnover;
}

TEST(LastRow, IsTheNewestOfTheBookUpToTheMonth)
{
    auto const turnover = of_two_markets();
    EXPECT_EQ(turnover.last_row(home, 3), 70) << "a sale may be entered after those of later months";
    EXPECT_EQ(turnover.last_row(home, 12), 90);
    EXPECT_EQ(turnover.last_row(elsewhere, 3), 500);
}

TEST(LastRow, IsNothingWhereNothingWasSold)
{
    auto const turnover = of_two_markets();
    EXPECT_EQ(turnover.last_row(home, 1), std::nullopt);
    EXPECT_EQ(turnover.last_row(ledger::BookId{3}, 12), std::nullopt);
}

}  // namespace
}  // namespace cho40::etax
