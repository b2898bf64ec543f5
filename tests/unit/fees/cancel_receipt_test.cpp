#include "fees/cancel_receipt.h"
#include "tests/unit/fees/notice_for_tests.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;
using qr_pay::RefundState;

Instant const noon = Day::from(2026, 11, 22).begin() + std::chrono::hours(12);

Agency agency() { return *Agencies::embedded()->find("H49.20"); }

Receipt receipt()
{
    auto const notice = notice_of({"BR_REG", "BR_PUB"});
    auto r = issue_receipt(plan_receipts(*notice, agency())[0], *notice, agency(),
                           {make_id<Receipt>(noon, system_random()),
                            {ReceiptForm::no_printed_value, "26TBP", 12},
                            LookupCode::draw(system_random()),
                            noon,
                            {Uuid{{7}}},
                            {}});
    r.booked_as = BookedAs{ledger::BookId{7}, Id<ledger::Transfer>(Uuid{{8}})};
    return r;
}

ReceiptEntry entry(ReceiptEntryKind kind, Dong amount) { return {kind, Uuid{{1}}, amount, {{1, amount}}, noon}; }

qr_pay::StoredRefund refund_of(Receipt const& r, Dong amount, RefundState state)
{
    qr_pay::Refund refund(make_id<qr_pay::Refund>(noon, system_random()), qr_pay::OrderCode::draw(system_random()), amount, noon);
    refund.parts = {{ledger::AccountKind::fees, amount, r.id.uuid, 1}};
    refund.state = state;
    return {std::move(refund), ledger::BookId{7}};
}

bool may(CancellationKind kind, Receipt const& r, std::vector<qr_pay::StoredRefund> const& refunds = {})
{
    auto const checked = check_cancellation(kind, r, refunds);
    if (!checked) EXPECT_EQ(checked.error().code, Errc::invalid_state);
    if (!checked) EXPECT_FALSE(checked.error().detail_vi.empty());
    return checked.has_value();
}

TEST(CancelReceipt, OnlyOnceItsMoneyHasBeenGivenBack)
{
    auto r = receipt();
    EXPECT_FALSE(may(CancellationKind::cancelled, r));
    r.entries = {entry(ReceiptEntryKind::given_back, 99'999_vnd)};
    EXPECT_FALSE(may(CancellationKind::cancelled, r));
    r.entries = {entry(ReceiptEntryKind::given_back, r.total)};
    EXPECT_TRUE(may(CancellationKind::cancelled, r));
    r.entries.push_back(entry(ReceiptEntryKind::sent_back, r.total));
    EXPECT_FALSE(may(CancellationKind::cancelled, r));
}

TEST(CancelReceipt, IsReplacedOnlyWhileAllOfItsMoneyIsRight)
{
    auto r = receipt();
    EXPECT_TRUE(may(CancellationKind::replaced, r));
    for (auto const state : {RefundState::awaiting_approval, RefundState::due, RefundState::in_doubt, RefundState::done})
        EXPECT_FALSE(may(CancellationKind::replaced, r, {refund_of(r, 1_vnd, state)}));
    for (auto const state : {RefundState::rejected, RefundState::cancelled, RefundState::returned})
        EXPECT_TRUE(may(CancellationKind::replaced, r, {refund_of(r, 1_vnd, state)}));
    auto const other = receipt();
    EXPECT_TRUE(may(CancellationKind::replaced, r, {refund_of(other, 1_vnd, RefundState::due)}));
    r.entries = {entry(ReceiptEntryKind::given_back, 1_vnd)};
    EXPECT_FALSE(may(CancellationKind::replaced, r));
}

TEST(CancelReceipt, NothingHappensTwice)
{
    auto cancelled = receipt();
    cancelled.entries = {entry(ReceiptEntryKind::given_back, cancelled.total)};
    ASSERT_TRUE(cancel_receipt(cancelled, "hoàn hết"));
    EXPECT_FALSE(may(CancellationKind::cancelled, cancelled));
    EXPECT_FALSE(may(CancellationKind::replaced, cancelled));
    auto replaced = receipt();
    ASSERT_TRUE(replace_receipt(replaced, {ReceiptForm::no_printed_value, "26TBP", 13}, "sai tên"));
    EXPECT_FALSE(may(CancellationKind::cancelled, replaced));
    EXPECT_FALSE(may(CancellationKind::replaced, replaced));
}

TEST(CancelReceipt, MoneyThatCameBackToACancelledReceiptGetsANewOneOnce)
{
    auto r = receipt();
    r.entries = {entry(ReceiptEntryKind::given_back, r.total)};
    ASSERT_TRUE(cancel_receipt(r, "hoàn hết"));
    r.entries.push_back(entry(ReceiptEntryKind::sent_back, r.total));
    EXPECT_FALSE(may(CancellationKind::cancelled, r));
    EXPECT_TRUE(may(CancellationKind::replaced, r));
    StoredReceipt stored{};
    stored.receipt = r;
    EXPECT_TRUE(replacement_of(stored, {}, agency(), Id<Receipt>(), LookupCode::draw(system_random()), noon));
    r.replaced_by = ReceiptNumber{ReceiptForm::no_printed_value, "26TBP", 13};
    EXPECT_FALSE(may(CancellationKind::replaced, r));
}

TEST(ReplacementReceipt, SaysTheSameMoneyUnderANewNumberAndNamesTheOldOne)
{
    StoredReceipt stored{};
    stored.receipt = receipt();
    stored.receipt.state = ReceiptState::adjusted;
    stored.receipt.state_reason = "sai địa chỉ";
    CancellationWish wish;
    wish.payer_name = "Nguyễn Thị Thế";
    auto facts = agency();
    facts.tax_code = "5701990099";
    auto const later = noon + std::chrono::hours(24 * 60);  // in another year, so in another series
    auto const made = replacement_of(stored, wish, facts, make_id<Receipt>(later, system_random()), LookupCode::draw(system_random()),
                                     later);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->number.symbol, "27TBP");
    EXPECT_EQ(made->number.number, 0) << "taken when it is written";
    EXPECT_EQ(made->replaces, stored.receipt.number);
    EXPECT_EQ(made->payer_name, "Nguyễn Thị Thế");
    EXPECT_EQ(made->dossier_code, stored.receipt.dossier_code);
    EXPECT_EQ(made->collector_tax_code, "5701990099");
    EXPECT_EQ(made->total, stored.receipt.total);
    EXPECT_EQ(made->words, stored.receipt.words);
    EXPECT_EQ(made->payments, stored.receipt.payments);
    EXPECT_EQ(made->booked_as->transfer, stored.receipt.booked_as->transfer);
    EXPECT_EQ(made->state, ReceiptState::issued);
    EXPECT_TRUE(made->state_reason.empty());
    EXPECT_EQ(made->issued_at, later);
    EXPECT_NE(made->lookup_code, stored.receipt.lookup_code);
    EXPECT_NE(made->digest, stored.receipt.digest);
}

TEST(ReplacementReceipt, MustSaySomethingElse)
{
    StoredReceipt stored{};
    stored.receipt = receipt();
    CancellationWish wish;
    wish.payer_name = stored.receipt.payer_name;
    auto const made = replacement_of(stored, wish, agency(), Id<Receipt>(), LookupCode::draw(system_random()), noon);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, Errc::validation_failed);
    EXPECT_EQ(made.error().pointer, "/replacement");
}

}  // namespace
}  // namespace cho40::fees
