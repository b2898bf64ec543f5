#include "qr-pay/find_refund.h"
#include "qr-pay/refund_outflow.h"
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

using namespace literals;

constexpr Instant noon = Instant(std::chrono::hours(500'000));
constexpr Dong asked = 45000_vnd;
constexpr char const* account = "1017595600";

StoredRefund refund_in(RefundState state)
{
    Refund refund(Id<Refund>(make_derived_uuid({"refund"})), *OrderCode::parse("CQ7K2M4X7"), asked, noon);
    refund.state = state;
    return StoredRefund(std::move(refund), ledger::BookId{1});
}

RefundMovement out(Dong amount, std::string reference, std::string rail = "vietqr")
{
    BankCredit transfer(std::move(rail), "T" + reference, account, Direction::out, amount, noon);
    transfer.bank_reference = std::move(reference);
    transfer.memo = "CQ7K2M4X7 hoan tien";
    RefundMovement movement(Id<Refund>(make_derived_uuid({"refund"})), std::move(transfer));
    movement.match.rule = MatchRule::code;
    return movement;
}

RefundMovement paid(Dong amount, std::string reference)
{
    auto movement = out(amount, std::move(reference));
    movement.outcome = InboxOutcome::refund_paid;
    return movement;
}

// Done, by this transfer: told by a rail, or entered by a person.
StoredRefund done_by(std::string const& reference, std::string rail)
{
    auto stored = refund_in(RefundState::done);
    RefundTransfer transfer;
    transfer.rail = std::move(rail);
    transfer.bank_reference = reference;
    transfer.key = transfer_key_of(account, reference);
    stored.transfer = transfer;
    return stored;
}

struct Case {
    char const* why;
    StoredRefund refund;
    std::vector<RefundMovement> told;
    Outflow what;
    Dong left, missing, excess;
    std::size_t movements;
};

TEST(RefundOutflow, WhatLeftIsHeldAgainstWhatWasAsked)
{
    using enum RefundState;
    auto const by_hand = done_by("FT1", "");
    auto const by_rail = done_by("FT1", "vietqr");
    auto sent_back = done_by("FT1", "vietqr");
    sent_back.refund.state = RefundState::returned;
    Case const cases[] = {
        {"nothing left", refund_in(due), {}, Outflow::as_asked, Dong(), Dong(), Dong(), 0},
        {"too little", refund_in(due), {out(44000_vnd, "FT1")}, Outflow::too_little, 44000_vnd, 1000_vnd, Dong(), 1},
        {"too little by a provider", refund_in(sent), {out(44000_vnd, "FT1")}, Outflow::too_little, 44000_vnd, 1000_vnd, Dong(), 1},
        {"the rest followed", refund_in(due), {out(44000_vnd, "FT1"), out(1000_vnd, "FT2")}, Outflow::in_parts, asked, Dong(), Dong(), 2},
        {"and a person said so",
         done_by("FT2", ""),
         {out(44000_vnd, "FT1"), out(1000_vnd, "FT2")},
         Outflow::as_asked,
         asked,
         Dong(),
         Dong(),
         0},
        {"a person said so of too little", by_hand, {out(44000_vnd, "FT1")}, Outflow::too_little, 44000_vnd, 1000_vnd, Dong(), 1},
        {"a person said so of another", done_by("FT9", ""), {out(44000_vnd, "FT1")}, Outflow::too_much, 89000_vnd, Dong(), 44000_vnd, 1},
        {"too much", refund_in(due), {out(46000_vnd, "FT1")}, Outflow::too_much, 46000_vnd, Dong(), 1000_vnd, 1},
        {"as asked", by_rail, {paid(asked, "FT1")}, Outflow::as_asked, asked, Dong(), Dong(), 0},
        {"twice", by_rail, {paid(asked, "FT1"), out(asked, "FT2")}, Outflow::paid_twice, 90000_vnd, Dong(), asked, 1},
        {"twice, once entered by hand", by_hand, {out(asked, "FT2")}, Outflow::paid_twice, 90000_vnd, Dong(), asked, 1},
        {"and something more", by_rail, {paid(asked, "FT1"), out(500_vnd, "FT2")}, Outflow::too_much, 45500_vnd, Dong(), 500_vnd, 1},
        {"not approved yet", refund_in(awaiting_approval), {out(asked, "FT1")}, Outflow::not_asked_for, asked, Dong(), asked, 1},
        {"cancelled", refund_in(cancelled), {out(asked, "FT1")}, Outflow::not_asked_for, asked, Dong(), asked, 1},
        {"sent back", sent_back, {paid(asked, "FT1")}, Outflow::as_asked, asked, Dong(), Dong(), 0},
        {"sent back and sent again",
         sent_back,
         {paid(asked, "FT1"), out(asked, "FT2")},
         Outflow::not_asked_for,
         90000_vnd,
         Dong(),
         asked,
         1},
    };
    for (auto const& c : cases) {
        SCOPED_TRACE(c.why);
        auto const found = outflow_of(c.refund, c.told);
        EXPECT_EQ(name_of(found.what), name_of(c.what));
        EXPECT_EQ(found.missing, c.missing);
        EXPECT_EQ(found.excess, c.excess);
        EXPECT_EQ(found.left, c.left);
        EXPECT_EQ(found.movements.size(), c.movements);
    }
}

TEST(RefundOutflow, NobodyIsToldToSendItAgain)
{
    auto const due = refund_in(RefundState::due);
    auto const to_send = [](StoredRefund const& refund, std::vector<RefundMovement> const& told) {
        return still_to_send(refund, outflow_of(refund, told));
    };
    auto nearly = out(asked, "FT1");
    nearly.match.rule = MatchRule::code_nearly;
    EXPECT_EQ(to_send(due, {}), asked);
    EXPECT_EQ(to_send(due, {out(44000_vnd, "FT1")}), 1000_vnd);
    EXPECT_EQ(to_send(due, {out(44000_vnd, "FT1"), out(1000_vnd, "FT2")}), Dong());
    EXPECT_EQ(to_send(due, {out(46000_vnd, "FT1")}), Dong());
    EXPECT_EQ(to_send(due, {nearly}), Dong());
    EXPECT_EQ(to_send(refund_in(RefundState::awaiting_approval), {}), Dong());
    EXPECT_EQ(to_send(done_by("FT1", ""), {out(44000_vnd, "FT1")}), Dong());
}

TEST(RefundOutflow, OneTransferToldByTwoRailsIsOne)
{
    auto other_number = out(44000_vnd, "990011", "payos");
    auto const same_number = out(44000_vnd, "FT1", "payos");
    for (auto const& second : {other_number, same_number}) {
        std::vector const told = {out(44000_vnd, "FT1"), second};
        auto const found = outflow_of(refund_in(RefundState::due), told);
        EXPECT_EQ(found.left, 44000_vnd);
        EXPECT_EQ(found.movements.size(), 1U);
    }
}

TEST(RefundOutflow, WhatTheBankCorrectedCountsAsItWasBooked)
{
    std::vector const told = {out(44000_vnd, "FT1"), paid(asked, "FT1")};
    EXPECT_EQ(outflow_of(done_by("FT1", "vietqr"), told).what, Outflow::as_asked);
}

TEST(RefundOutflow, WhatIsNotSurelyThisRefundIsNotCounted)
{
    auto nearly = out(asked, "FT1");
    nearly.match.rule = MatchRule::code_nearly;
    std::vector told = {nearly};
    auto const found = outflow_of(refund_in(RefundState::due), told);
    EXPECT_EQ(name_of(found.what), "unclear");
    EXPECT_EQ(found.left, asked);
    EXPECT_EQ(found.missing, Dong());
    // A person says that it is.
    EXPECT_EQ(outflow_of(done_by("FT1", ""), told).what, Outflow::as_asked);
    told.push_back(out(44000_vnd, "FT2"));
    EXPECT_EQ(outflow_of(refund_in(RefundState::due), told).missing, 1000_vnd);
}

TEST(RefundOutflow, WhatPaysAnotherRefundIsThatOnes)
{
    auto moved = out(asked, "FT1");
    moved.pays_another = true;
    std::vector const told = {moved};
    EXPECT_EQ(outflow_of(refund_in(RefundState::cancelled), told).what, Outflow::as_asked);
}

TEST(RefundOutflow, MoneyThatCameInIsNoPartOfIt)
{
    auto in = out(44000_vnd, "FT1");
    in.transfer.direction = Direction::in;
    std::vector const told = {in};
    EXPECT_EQ(outflow_of(refund_in(RefundState::due), told).what, Outflow::as_asked);
}

}  // namespace
}  // namespace cho40::qr_pay
