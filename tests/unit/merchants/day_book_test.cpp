#include "merchants/day_book.h"
#include <gtest/gtest.h>

namespace cho40::merchants {
namespace {

using namespace cho40::literals;

DayLine line(LineKind kind, Dong amount, char const* local_time)
{
    DayLine l;
    l.at = *parse_local_time(std::string("2026-11-22 ") + local_time);
    l.kind = kind;
    l.amount = amount;
    return l;
}

TEST(DayBook, AddsUpByKindAndByHour)
{
    auto const totals = add_up(std::vector{line(LineKind::matched, 45000_vnd, "00:00:00"), line(LineKind::over, 40000_vnd, "10:59:59"),
                                           line(LineKind::duplicate, 45000_vnd, "10:00:00"), line(LineKind::cash, 5000_vnd, "23:59:59")});
    EXPECT_EQ(totals.all.count, 4);
    EXPECT_EQ(totals.all.sum, 135000_vnd);
    EXPECT_EQ(totals.bank.sum, 130000_vnd);
    EXPECT_EQ(totals.cash.sum, 5000_vnd);
    EXPECT_EQ(totals.by_hour[0].count, 1);
    EXPECT_EQ(totals.by_hour[10].sum, 85000_vnd);
    EXPECT_EQ(totals.by_hour[23].count, 1);
    EXPECT_EQ(totals.by_kind[static_cast<std::size_t>(LineKind::over)].sum, 40000_vnd);
}

TEST(DayBook, MoneyThatLeftIsNotMoneyThatCame)
{
    auto const totals = add_up(std::vector{line(LineKind::matched, 45000_vnd, "08:00:00"), line(LineKind::refund, 20000_vnd, "09:00:00"),
                                           line(LineKind::refund_differs, 19000_vnd, "09:30:00")});
    EXPECT_EQ(totals.all.sum, 45000_vnd);
    EXPECT_EQ(totals.bank.count, 1);
    EXPECT_EQ(totals.refunded.sum, 20000_vnd);
    EXPECT_EQ(totals.by_kind[static_cast<std::size_t>(LineKind::refund_differs)].sum, 19000_vnd);
    EXPECT_EQ(totals.by_hour[9].count, 0);
    EXPECT_TRUE(needs_attention(LineKind::refund_differs));
    EXPECT_FALSE(needs_attention(LineKind::refund));
}

TEST(DayBook, WhatIsOwedAddsUp)
{
    Owed refund, surplus;
    refund.amount = 20000_vnd;
    surplus.kind = OwedKind::surplus;
    surplus.amount = 10000_vnd;
    auto const sum = add_up(std::vector{refund, surplus});
    EXPECT_EQ(sum.count, 2);
    EXPECT_EQ(sum.sum, 30000_vnd);
    EXPECT_EQ(name_of(refund.kind), "refund");
    EXPECT_EQ(name_of(surplus.kind), "surplus");
}

TEST(DayBook, EveryReasonHasAKindAndAName)
{
    using enum qr_pay::CreditReason;
    for (auto reason : {exact, topped_up, short_paid, over, late, late_short, late_over, duplicate, nameless, ambiguous, suggested}) {
        EXPECT_FALSE(name_of(line_kind_of(reason)).empty());
    }
    EXPECT_EQ(line_kind_of(topped_up), LineKind::matched);
    EXPECT_EQ(line_kind_of(ambiguous), LineKind::nameless);
    EXPECT_FALSE(needs_attention(LineKind::matched));
    EXPECT_TRUE(needs_attention(LineKind::late));
}

}  // namespace
}  // namespace cho40::merchants
