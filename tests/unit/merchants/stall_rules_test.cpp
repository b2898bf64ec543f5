#include "merchants/stall_rules.h"
#include "tests/support/run.h"
#include <gtest/gtest.h>
#include <numeric>

namespace cho40::merchants {
namespace {

using namespace cho40::literals;
using ledger::AccountKind;
using qr_pay::Purpose;

qr_pay::Booking booking(std::vector<qr_pay::Allocation> parts)
{
    Dong const sum(
        std::accumulate(parts.begin(), parts.end(), std::int64_t{0}, [](auto a, auto const& p) { return a + p.amount.count(); }));
    qr_pay::BankCredit credit("payos", "P1", "0141", qr_pay::Direction::in, sum, Instant{});
    qr_pay::Notification notification(ledger::BookId{1}, {}, {}, credit);
    qr_pay::CreditDecision decision{std::move(parts), qr_pay::CreditReason::exact, std::nullopt, Dong()};
    qr_pay::ReceivingAccount account;
    account.ordinal = ledger::OwnerOrdinal{3};
    qr_pay::Booking b(notification, std::move(decision), account);
    b.transfer_seed = "1/0141/FT1";
    return b;
}

struct Case {
    Purpose purpose;
    AccountKind credited;
};

class EachPurpose : public testing::TestWithParam<Case> {};

TEST_P(EachPurpose, MovesMoneyFromTheBankAccountToItsOwnPlace)
{
    auto const out = tests::run(StallRules().consequences(booking({{GetParam().purpose, 45000_vnd}})));
    ASSERT_TRUE(out);
    ASSERT_EQ(out->transfers.size(), 1u);
    EXPECT_EQ(ledger::kind_of(out->transfers[0].debit), AccountKind::bank);
    EXPECT_EQ(ledger::kind_of(out->transfers[0].credit), GetParam().credited);
    EXPECT_EQ(ledger::owner_of(out->transfers[0].credit).value, 3);
    EXPECT_EQ(out->transfers[0].amount, 45000_vnd);
}

INSTANTIATE_TEST_SUITE_P(Table, EachPurpose,
                         testing::Values(Case{Purpose::sale, AccountKind::sales}, Case{Purpose::late_sale, AccountKind::sales},
                                         Case{Purpose::nameless_sale, AccountKind::nameless_sales},
                                         Case{Purpose::overpaid_refund_due, AccountKind::refund_due},
                                         Case{Purpose::duplicate_refund_due, AccountKind::refund_due}));

TEST(StallRules, ARetryMakesTheSameTransfersAndPartsDiffer)
{
    std::vector<qr_pay::Allocation> const parts = {{Purpose::sale, 30000_vnd}, {Purpose::overpaid_refund_due, 10000_vnd}};
    auto const first = tests::run(StallRules().consequences(booking(parts)));
    auto const again = tests::run(StallRules().consequences(booking(parts)));
    ASSERT_TRUE(first && again);
    EXPECT_EQ(first->transfers, again->transfers);
    EXPECT_NE(first->transfers[0].id, first->transfers[1].id);
}

}  // namespace
}  // namespace cho40::merchants
