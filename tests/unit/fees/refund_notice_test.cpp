#include "fees/refund_notice.h"
#include "tests/unit/fees/notice_for_tests.h"
#include <algorithm>
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;
using qr_pay::RefundState;
using qr_pay::StoredRefund;

Instant const noon = Day::from(2026, 11, 22).begin() + std::chrono::hours(12);

// Paid with 10 000 đ too much: one receipt of 100 000 đ phí and one of 25 000 đ lệ phí.
class Refunding : public testing::Test {
protected:
    Refunding()
    {
        paid.stored.notice = *notice_of({"BR_REG", "BR_PUB"});
        paid.stored.notice.id = make_id<FeeNotice>(noon, system_random());
        paid.agency.facts = *Agencies::embedded()->find("H49.20");
        paid.agency.account.account_number = "9990000020001";
        NoticeLife life(paid.stored.notice.total, noon + std::chrono::hours(24));
        EXPECT_TRUE(life.on(NoticeLife::MoneyReceived{make_derived_uuid({"credit"}), 135'000_vnd, noon}));
        paid.stored.life = life.record();
        paid.stored.version = 3;
        for (auto& plan : plan_receipts(paid.stored.notice, paid.agency.facts)) {
            ReceiptDraw draw{make_id<Receipt>(noon, system_random()), {}, LookupCode::draw(system_random()), noon, {}, std::nullopt};
            receipts.push_back(issue_receipt(std::move(plan), paid.stored.notice, paid.agency.facts, std::move(draw)));
        }
    }

    NoticeRefundWish::Line line(FeeKind kind, Dong amount, std::int32_t number = 1)
    {
        return {std::ranges::find(receipts, kind, &Receipt::kind)->id, number, amount};
    }
    Result<qr_pay::RefundOrder> order(std::vector<NoticeRefundWish::Line> lines, Dong surplus = Dong())
    {
        return order_of({std::move(lines), surplus, 135'000_vnd}, paid, receipts, refunds);
    }
    StoredRefund stored(qr_pay::RefundOrder const& made, RefundState state)
    {
        qr_pay::Refund refund(make_id<qr_pay::Refund>(noon, system_random()), qr_pay::OrderCode::draw(system_random()), made.wish.amount,
                              noon);
        refund.parts = *made.parts;
        Dong parts;
        for (auto const& part : refund.parts) parts = *add(parts, part.amount);
        refund.from_owed = *subtract(refund.amount, parts);
        refund.state = state;
        StoredRefund out(std::move(refund), ledger::BookId{7});
        out.subject_kind = qr_pay::RefundSubject::notice;
        out.subject = paid.stored.notice.id.uuid;
        return out;
    }
    // Takes one step and stands where it leads.
    std::vector<ReceiptEntry> take(StoredRefund& refund, RefundState to)
    {
        auto const before = refund;
        refund.refund.state = to;
        auto const out = consequences_for({before, refund}, paid.stored, noon, system_random());
        EXPECT_TRUE(out) << out.error().detail;
        std::vector<ReceiptEntry> entries;
        for (auto const& row : out->rows) {
            if (auto const* changed = dynamic_cast<ChangedNotice const*>(row.get())) {
                EXPECT_EQ(out->guards.size(), 1U);
                EXPECT_EQ(out->guards[0].expected, paid.stored.version);
                paid.stored = changed->stored;
            }
            if (auto const* added = dynamic_cast<NewReceiptEntry const*>(row.get())) {
                entries.push_back(added->entry);
                std::ranges::find(receipts, added->receipt, &Receipt::id)->entries.push_back(added->entry);
            }
        }
        events.clear();
        for (auto const& event : out->events) events.push_back(event.type);
        return entries;
    }

    NoticeWithAgency paid;
    std::vector<Receipt> receipts;
    std::vector<StoredRefund> refunds;
    std::vector<std::string> events;
};

TEST_F(Refunding, TakesEachLineFromWhatItWasBookedAs)
{
    auto const made = order({line(FeeKind::phi, 30'000_vnd), line(FeeKind::le_phi, 25'000_vnd)}, 10'000_vnd);
    ASSERT_TRUE(made) << made.error().detail;
    EXPECT_EQ(made->wish.amount, 65'000_vnd);
    ASSERT_EQ(made->parts->size(), 2U);
    EXPECT_EQ((*made->parts)[0].from, ledger::AccountKind::fees);
    EXPECT_EQ((*made->parts)[1].from, ledger::AccountKind::charges);
}

TEST_F(Refunding, IsRefusedWithThePlace)
{
    struct Case {
        std::string_view what;
        std::vector<NoticeRefundWish::Line> lines;
        Errc code;
        std::string_view pointer;
    };
    auto stranger = line(FeeKind::phi, 1_vnd);
    stranger.receipt = make_id<Receipt>(noon, system_random());
    Case const cases[] = {
        {"nothing", {}, Errc::validation_failed, "/lines"},
        {"more than the line", {line(FeeKind::phi, 100'001_vnd)}, Errc::amount_exceeds_refundable, "/lines/0/amount/amount"},
        {"no such line", {line(FeeKind::phi, 1_vnd), line(FeeKind::le_phi, 1_vnd, 2)}, Errc::not_found, "/lines/1/line"},
        {"no such receipt", {stranger}, Errc::not_found, "/lines/0/receipt"},
        {"a line twice", {line(FeeKind::phi, 1_vnd), line(FeeKind::phi, 1_vnd)}, Errc::validation_failed, "/lines/1/line"},
    };
    for (auto const& c : cases) {
        SCOPED_TRACE(c.what);
        auto const refused = order(c.lines);
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, c.code);
        EXPECT_EQ(refused.error().pointer, c.pointer);
    }
    ASSERT_TRUE(cancel_receipt(receipts.front(), "wrong case"));
    EXPECT_EQ(order({line(FeeKind::phi, 1_vnd)}).error().code, Errc::invalid_state);
}

TEST_F(Refunding, ALineIsHeldByEveryRefundOnItsWay)
{
    auto const half = order({line(FeeKind::phi, 60'000_vnd)});
    for (auto const state :
         {RefundState::awaiting_approval, RefundState::due, RefundState::in_doubt, RefundState::sent, RefundState::done}) {
        refunds = {stored(*half, state)};
        EXPECT_EQ(order({line(FeeKind::phi, 40'001_vnd)}).error().code, Errc::amount_exceeds_refundable) << name_of(state);
        EXPECT_TRUE(order({line(FeeKind::phi, 40'000_vnd)}));
    }
    for (auto const state : {RefundState::rejected, RefundState::cancelled, RefundState::failed, RefundState::returned}) {
        refunds = {stored(*half, state)};
        EXPECT_TRUE(order({line(FeeKind::phi, 100'000_vnd)})) << name_of(state);
    }
}

TEST_F(Refunding, OnlyWhatIsPaidIsEnteredOnTheReceipts)
{
    auto refund = stored(*order({line(FeeKind::phi, 30'000_vnd), line(FeeKind::le_phi, 25'000_vnd)}, 10'000_vnd),
                         RefundState::awaiting_approval);
    EXPECT_TRUE(take(refund, RefundState::due).empty());
    EXPECT_TRUE(events.empty());
    auto const before = paid.stored.life;
    auto const digests = std::pair(receipt_digest(receipts[0]), receipt_digest(receipts[1]));
    EXPECT_EQ(take(refund, RefundState::done).size(), 2U);
    EXPECT_EQ(events, std::vector<std::string>{"notice.refunded"});
    EXPECT_EQ(receipts[0].given_back(), 30'000_vnd);
    EXPECT_EQ(receipts[0].given_back_of(1), 30'000_vnd);
    EXPECT_EQ(receipts[1].given_back(), receipts[1].total);
    EXPECT_EQ(receipts[1].given_back_at(), noon);
    EXPECT_EQ(paid.stored.life.state, NoticeState::paid);
    EXPECT_EQ(paid.stored.life.given_back, 65'000_vnd);
    EXPECT_EQ(refund_basis(paid, std::vector{refund}).refundable().left(), 70'000_vnd);
    EXPECT_EQ(refund_basis(paid, std::vector{refund}).refundable().owed_left(), Dong());

    EXPECT_EQ(take(refund, RefundState::returned).size(), 2U);
    EXPECT_EQ(events, std::vector<std::string>{"notice.refund_returned"});
    EXPECT_EQ(receipts[0].given_back(), Dong());
    EXPECT_EQ(receipts[0].given_back_at(), std::nullopt);
    EXPECT_EQ(receipts[0].entries.size(), 2U) << "both stay";
    EXPECT_EQ(paid.stored.life.given_back, before.given_back);
    EXPECT_EQ(paid.stored.life.owed_back, before.owed_back);
    EXPECT_EQ(digests, std::pair(receipt_digest(receipts[0]), receipt_digest(receipts[1])));
}

TEST_F(Refunding, SentBackBeforeItWasToldChangesNoReceipt)
{
    auto refund = stored(*order({line(FeeKind::phi, 30'000_vnd)}), RefundState::due);
    EXPECT_TRUE(take(refund, RefundState::returned).empty());
    EXPECT_TRUE(events.empty());
}

}  // namespace
}  // namespace cho40::fees
