#include "qr-pay/make_refund.h"
#include "qr-pay/refund.h"
#include "qr-pay/refund_posting.h"
#include "qr-pay/return_refund.h"
#include "qr-pay/settle_refund.h"
#include <array>
#include <gtest/gtest.h>
#include <map>
#include <random>

namespace cho40::qr_pay {
namespace {

using namespace literals;

constexpr Instant noon = Instant(std::chrono::hours(500'000));

Refund refund_of(Dong amount, RefundState state, RefundMethod method = RefundMethod::provider)
{
    Refund refund(Id<Refund>(make_derived_uuid({"refund"})), *OrderCode::parse("CQ7K2M4X7"), amount, noon);
    refund.state = state;
    refund.method = method;
    return refund;
}

constexpr std::array all_states = {
    RefundState::awaiting_approval, RefundState::due,       RefundState::in_doubt, RefundState::sent,    RefundState::done,
    RefundState::rejected,          RefundState::cancelled, RefundState::failed,   RefundState::returned};

struct Act {
    std::string_view name;
    Result<Refund> (*act)(Refund);
    std::map<RefundState, RefundState> leads;  // from the states that are not named it is refused
};

TEST(Refund, TheTableOfItsLife)
{
    using enum RefundState;
    Act const acts[] = {
        {"approve", approve, {{awaiting_approval, due}}},
        {"reject", reject, {{awaiting_approval, rejected}}},
        {"begin_call", begin_call, {{due, in_doubt}}},
        {"note_sent", note_sent, {{in_doubt, sent}}},
        {"note_refused", note_refused, {{in_doubt, failed}}},
        {"note_paid", note_paid, {{due, done}, {in_doubt, done}, {sent, done}}},
        {"note_returned", note_returned, {{due, returned}, {in_doubt, returned}, {sent, returned}, {done, returned}}},
        {"cancel", [](Refund r) { return cancel(std::move(r), false); }, {{awaiting_approval, cancelled}, {due, cancelled}}},
        {"cancel, surely not sent",
         [](Refund r) { return cancel(std::move(r), true); },
         {{awaiting_approval, cancelled}, {due, cancelled}, {in_doubt, cancelled}, {sent, cancelled}}},
    };
    for (auto const& act : acts) {
        for (auto const from : all_states) {
            SCOPED_TRACE(std::string(act.name) + " of " + std::string(name_of(from)));
            auto const after = act.act(refund_of(1000_vnd, from));
            auto const expected = act.leads.find(from);
            ASSERT_EQ(after.has_value(), expected != act.leads.end());
            if (!after) {
                EXPECT_EQ(after.error().code, Errc::invalid_state);
                continue;
            }
            EXPECT_EQ(after->state, expected->second);
            EXPECT_EQ(after->version, 2);
            EXPECT_TRUE(!is_finished(from) || from == done);
        }
    }
}

TEST(Refund, OnlyTheProvidersTransfersAreCalledFor)
{
    auto const after = begin_call(refund_of(1000_vnd, RefundState::due, RefundMethod::bank_transfer));
    ASSERT_FALSE(after.has_value());
    EXPECT_EQ(after.error().code, Errc::invalid_state);
}

TEST(Refund, NamesAreReadBack)
{
    for (auto const state : all_states) EXPECT_EQ(refund_state_named(name_of(state)), state);
    EXPECT_FALSE(refund_state_named("paid").has_value());
}

TEST(Refund, WhatCanBeRefunded)
{
    Refund const refunds[] = {refund_of(10'000_vnd, RefundState::done), refund_of(5'000_vnd, RefundState::awaiting_approval),
                              refund_of(7'000_vnd, RefundState::rejected), refund_of(2'000_vnd, RefundState::failed)};
    auto const refundable = refundable_of(40'000_vnd, 12'000_vnd, refunds);
    EXPECT_EQ(refundable.left(), 25'000_vnd);
    EXPECT_EQ(refundable.owed_left(), 12'000_vnd);

    EXPECT_EQ(*check_wish({25'000_vnd, 25'000_vnd}, refundable), 12'000_vnd);
    EXPECT_EQ(*check_wish({3'000_vnd, 25'000_vnd}, refundable), 3'000_vnd);
    EXPECT_EQ(check_wish({25'001_vnd, 25'000_vnd}, refundable).error().code, Errc::amount_exceeds_refundable);
    EXPECT_EQ(check_wish({1_vnd, 24'999_vnd}, refundable).error().code, Errc::version_mismatch);
    EXPECT_EQ(check_wish({Dong(), 25'000_vnd}, refundable).error().code, Errc::amount_not_positive);
}

// A stall's accounts as transfers leave them.
struct Books {
    std::map<std::int64_t, std::int64_t> balance;  // debits minus credits
    std::map<Uuid, int> posted;

    void post(ledger::Transfer const& t)
    {
        ASSERT_GT(t.amount.count(), 0);
        EXPECT_EQ(++posted[t.id.uuid], 1) << "a step is posted once";
        balance[t.debit.value] += t.amount.count();
        balance[t.credit.value] -= t.amount.count();
    }
    [[nodiscard]] std::int64_t of(ledger::AccountKind kind) const
    {
        auto const it = balance.find(ledger::account_number(ledger::OwnerOrdinal{7}, kind).value);
        return it == balance.end() ? 0 : it->second;
    }
};

StoredRefund stored_of(Refund refund)
{
    StoredRefund stored(std::move(refund), ledger::BookId{1});
    stored.ordinal = ledger::OwnerOrdinal{7};
    stored.subject = make_derived_uuid({"payment"});
    stored.account_number = "0123456789";
    return stored;
}

// Money comes, refunds are asked for and taken through their life in any order: what is given back never exceeds what came, the
// books sum to zero, and each account says what it should.
TEST(Refund, NeverMoreThanCameInAnyInterleaving)
{
    for (unsigned seed = 0; seed < 400; ++seed) {
        SCOPED_TRACE(seed);
        std::mt19937 random(seed);
        auto const up_to = [&](std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n)(random); };
        Books books;
        std::int64_t received = 0, owed = 0;
        std::vector<Refund> refunds;
        auto const move = [&](std::size_t i, Result<Refund> after) {
            if (!after) return;
            auto const before = refunds[i];
            refunds[i] = *std::move(after);
            for (auto const& t : transfers_for(before, stored_of(refunds[i]), noon)) books.post(t);
        };
        for (int step = 0; step < 60; ++step) {
            if (up_to(9) == 0 || received == 0) {
                auto const amount = 1 + up_to(50'000);
                auto const surplus = up_to(1) * amount;  // a whole credit is a sale or owed back
                received += amount;
                owed += surplus;
                auto const number = [](ledger::AccountKind kind) { return ledger::account_number(ledger::OwnerOrdinal{7}, kind); };
                books.post(ledger::Transfer(Id<ledger::Transfer>(make_derived_uuid({"credit", std::to_string(step)})),
                                            number(ledger::AccountKind::bank),
                                            number(surplus > 0 ? ledger::AccountKind::refund_due : ledger::AccountKind::sales),
                                            Dong(amount), ledger::TransferCode::sale, "", noon));
            } else if (up_to(2) == 0) {
                auto const refundable = refundable_of(Dong(received), Dong(owed), refunds);
                RefundWish const wish{Dong(up_to(refundable.left().count() + 10)), refundable.left()};
                auto const from_owed = check_wish(wish, refundable);
                ASSERT_EQ(from_owed.has_value(), wish.amount.is_positive() && wish.amount <= refundable.left());
                if (!from_owed) continue;
                auto refund = refund_of(wish.amount, up_to(1) ? RefundState::due : RefundState::awaiting_approval);
                refund.id = Id<Refund>(make_derived_uuid({"refund", std::to_string(step)}));
                refund.from_owed = *from_owed;
                if (refund.not_owed().is_positive()) refund.parts = {{ledger::AccountKind::sales, refund.not_owed(), {}, 0}};
                for (auto const& t : transfers_for(std::nullopt, stored_of(refund), noon)) books.post(t);
                refunds.push_back(std::move(refund));
            } else if (!refunds.empty()) {
                auto const i = static_cast<std::size_t>(up_to(static_cast<std::int64_t>(refunds.size()) - 1));
                using Move = Result<Refund> (*)(Refund);
                constexpr Move moves[] = {approve,
                                          reject,
                                          begin_call,
                                          note_sent,
                                          note_refused,
                                          note_paid,
                                          note_returned,
                                          [](Refund r) { return cancel(std::move(r), false); },
                                          [](Refund r) { return cancel(std::move(r), true); }};
                move(i, moves[up_to(std::ssize(moves) - 1)](refunds[i]));
            }
            std::int64_t done = 0, standing = 0, owed_unpaid = owed, sale_taken = 0, all = 0;
            for (auto const& refund : refunds) {
                auto const amount = refund.amount.count();
                bool const stands = stands_in_books(refund.state);
                bool const is_done = refund.state == RefundState::done;
                done += is_done ? amount : 0;
                standing += stands ? amount : 0;
                sale_taken += stands || is_done ? refund.not_owed().count() : 0;
                owed_unpaid -= is_done ? refund.from_owed.count() : 0;
            }
            for (auto const& [account, balance] : books.balance) all += balance;
            ASSERT_EQ(all, 0);
            ASSERT_LE(done + standing, received);
            ASSERT_EQ(books.of(ledger::AccountKind::bank), received - done);
            ASSERT_EQ(books.of(ledger::AccountKind::sales), -(received - owed - sale_taken));
            ASSERT_LE(books.of(ledger::AccountKind::sales), 0);
            ASSERT_EQ(books.of(ledger::AccountKind::refund_due), -(received - done - (received - owed - sale_taken)));
            ASSERT_GE(owed_unpaid, 0);
        }
    }
}

struct MoneyOut {
    std::string memo = "CQ7K2M4X7 hoan tien";
    Dong amount = 45'000_vnd;
    std::string reference = "FT1";
    std::string rail = "vietqr";
    Instant at = noon;
};

class Settling : public testing::Test {
protected:
    RefundSettlement settle(MoneyOut const& out)
    {
        BankCredit credit(out.rail, out.rail + " " + out.reference, "0123456789", Direction::out, out.amount, out.at);
        credit.memo = out.memo;
        credit.bank_reference = out.reference;
        Notification notification(ledger::BookId{1}, Id<InboxTag>(make_derived_uuid({out.reference})), {}, credit);
        auto settlement = settle_refund(notification, std::span(&facts, 1), noon, system_random());
        for (auto const& row : settlement.command ? settlement.command->rows : decltype(settlement.command->rows){}) {
            if (auto const* changed = dynamic_cast<ChangedRefund const*>(row.get())) facts = {changed->stored, facts.changes + 1};
        }
        return settlement;
    }
    void stand_at(RefundState state) { facts.stored.refund.state = state; }

    RefundFacts facts{stored_of(refund_of(45'000_vnd, RefundState::due)), 1};
};

TEST_F(Settling, ItsCodeAndAmountPayIt)
{
    auto const settlement = settle({.memo = "MBVCB.77.cq7k2m4x7.CT tu A toi B"});
    EXPECT_EQ(settlement.outcome, InboxOutcome::refund_paid);
    EXPECT_EQ(settlement.match.rule, MatchRule::code);
    EXPECT_EQ(settlement.match.characters, (MemoSpan{9, 9}));
    EXPECT_EQ(settlement.match.version, match_rules_version);
    ASSERT_TRUE(settlement.command.has_value());
    ASSERT_EQ(settlement.command->transfers.size(), 1U);
    EXPECT_EQ(settlement.command->transfers[0].code, ledger::TransferCode::refund_paid);
    EXPECT_EQ(settlement.command->transfers[0].amount, 45'000_vnd);
    EXPECT_EQ(facts.stored.refund.state, RefundState::done);
}

TEST_F(Settling, AnythingElseIsForAPersonOrNotARefund)
{
    struct Case {
        std::string_view what;
        MoneyOut out;
        RefundState state;
        InboxOutcome outcome;
    };
    using enum RefundState;
    Case const cases[] = {
        {"no code", {.memo = "tra tien hang"}, due, InboxOutcome::money_out},
        {"a code with a wrong character", {.memo = "CQ7K2M4X8"}, due, InboxOutcome::money_out},
        {"less", {.amount = 44'999_vnd}, due, InboxOutcome::refund_differs},
        {"more", {.amount = 45'001_vnd}, due, InboxOutcome::refund_differs},
        {"nearly its code", {.memo = "CQ 7K2 M4X7"}, due, InboxOutcome::refund_differs},
        {"not approved", {}, awaiting_approval, InboxOutcome::refund_differs},
        {"rejected", {}, rejected, InboxOutcome::refund_differs},
        {"cancelled", {}, cancelled, InboxOutcome::refund_differs},
        {"failed", {}, failed, InboxOutcome::refund_differs},
        {"in doubt", {}, in_doubt, InboxOutcome::refund_paid},
        {"sent", {}, sent, InboxOutcome::refund_paid},
    };
    auto const fresh = facts;
    for (auto const& c : cases) {
        SCOPED_TRACE(c.what);
        facts = fresh;
        stand_at(c.state);
        auto const settlement = settle(c.out);
        EXPECT_EQ(settlement.outcome, c.outcome);
        EXPECT_EQ(settlement.command.has_value(), c.outcome == InboxOutcome::refund_paid);
        EXPECT_EQ(settlement.refund.has_value(), c.outcome != InboxOutcome::money_out);
    }
}

TEST_F(Settling, ToldAgainItCountsOnce)
{
    ASSERT_EQ(settle({}).outcome, InboxOutcome::refund_paid);
    EXPECT_EQ(settle({}).outcome, InboxOutcome::repeated);
    EXPECT_EQ(settle({.reference = "ft-1"}).outcome, InboxOutcome::repeated);
    EXPECT_EQ(settle({.rail = "casso"}).outcome, InboxOutcome::repeated);
    EXPECT_EQ(settle({.reference = "998877", .rail = "casso"}).outcome, InboxOutcome::linked);
    EXPECT_EQ(settle({.reference = "FT2"}).outcome, InboxOutcome::refund_differs);
    EXPECT_EQ(settle({.reference = "FT2", .rail = "casso"}).outcome, InboxOutcome::refund_differs);
    EXPECT_EQ(settle({.reference = "998877", .rail = "casso", .at = noon + std::chrono::minutes(9)}).outcome, InboxOutcome::refund_differs);
}

TEST_F(Settling, WhatAPersonEnteredIsRecognised)
{
    stand_at(RefundState::done);
    RefundTransfer entered;
    entered.bank_reference = "FT1";
    entered.key = transfer_key_of("0123456789", "FT1");
    entered.booked_at = noon;
    entered.evidence = "sao kê";
    facts.stored.transfer = entered;
    EXPECT_EQ(settle({}).outcome, InboxOutcome::repeated);
    EXPECT_EQ(settle({.reference = ""}).outcome, InboxOutcome::linked);
    EXPECT_EQ(settle({.reference = "FT2"}).outcome, InboxOutcome::refund_differs);
}

TEST(RefundPosting, EachLineOfAReceiptGoesBackToWhatItWasBookedAs)
{
    auto refund = refund_of(75'000_vnd, RefundState::due);
    Uuid const paper = make_derived_uuid({"receipt"});
    refund.from_owed = 5'000_vnd;
    refund.parts = {{ledger::AccountKind::fees, 30'000_vnd, paper, 1},
                    {ledger::AccountKind::fees, 20'000_vnd, paper, 2},
                    {ledger::AccountKind::charges, 20'000_vnd, make_derived_uuid({"another"}), 1}};
    Books books;
    auto const step = [&](Refund const& from, RefundState to) {
        auto after = from;
        after.state = to;
        for (auto const& t : transfers_for(from, stored_of(after), noon)) books.post(t);
        return after;
    };
    for (auto const& t : transfers_for(std::nullopt, stored_of(refund), noon)) books.post(t);
    EXPECT_EQ(books.of(ledger::AccountKind::fees), 50'000);
    EXPECT_EQ(books.of(ledger::AccountKind::charges), 20'000);
    EXPECT_EQ(books.of(ledger::AccountKind::refund_due), -70'000);
    auto const done = step(refund, RefundState::done);
    EXPECT_EQ(books.of(ledger::AccountKind::refund_due), 5'000);  // what was owed already is paid too
    EXPECT_EQ(books.of(ledger::AccountKind::bank), -75'000);
    step(done, RefundState::returned);
    for (auto const kind :
         {ledger::AccountKind::fees, ledger::AccountKind::charges, ledger::AccountKind::refund_due, ledger::AccountKind::bank})
        EXPECT_EQ(books.of(kind), 0) << account_kind_name(kind);
}

// The bank could not deliver the transfer.
class Returning : public Settling {
protected:
    std::optional<RefundSettlement> sent_back(MoneyOut const& in)
    {
        BankCredit credit(in.rail, in.rail + " " + in.reference, "0123456789", Direction::in, in.amount, in.at);
        credit.memo = in.memo;
        credit.bank_reference = in.reference;
        Notification notification(ledger::BookId{1}, Id<InboxTag>(make_derived_uuid({"in", in.reference})), {}, credit);
        auto settlement = settle_return(notification, std::span(&facts, 1), noon, system_random());
        if (settlement && settlement->after) facts = {*settlement->after, facts.changes + 1};
        return settlement;
    }
};

TEST_F(Returning, ByItsCode)
{
    ASSERT_EQ(settle({}).outcome, InboxOutcome::refund_paid);
    auto const back = sent_back({.memo = "HOAN TRA LENH CQ7K2M4X7 SAI SO TK", .reference = "FT9"});
    ASSERT_TRUE(back);
    EXPECT_EQ(back->outcome, InboxOutcome::refund_returned);
    EXPECT_EQ(back->match.rule, MatchRule::code);
    EXPECT_EQ(facts.stored.refund.state, RefundState::returned);
    EXPECT_EQ(facts.stored.transfer->bank_reference, "FT1");
    EXPECT_EQ(facts.stored.returned_by->bank_reference, "FT9");
    EXPECT_EQ(sent_back({.memo = "CQ7K2M4X7", .reference = "ft-9"})->outcome, InboxOutcome::repeated);
    EXPECT_EQ(sent_back({.memo = "told without its words", .reference = "FT9"})->outcome, InboxOutcome::repeated);
    EXPECT_EQ(sent_back({.memo = "HOAN TRA LENH CQ7K2M4X7 SAI SO TK", .reference = "7788", .rail = "casso"})->outcome,
              InboxOutcome::linked);
    EXPECT_EQ(sent_back({.memo = "CQ7K2M4X7", .reference = "FT10"})->outcome, InboxOutcome::refund_differs) << "money of its own";
    EXPECT_EQ(settle({}).outcome, InboxOutcome::repeated) << "the transfer itself is told again";
}

TEST_F(Returning, ByTheReferenceOfTheTransferThatPaidIt)
{
    ASSERT_EQ(settle({.reference = "FT26327012345"}).outcome, InboxOutcome::refund_paid);
    auto const back = sent_back({.memo = "Trả lại GD FT26327012345 khong ghi co duoc", .reference = "FT9"});
    ASSERT_TRUE(back);
    EXPECT_EQ(back->outcome, InboxOutcome::refund_returned);
    EXPECT_EQ(back->match.rule, MatchRule::paid_by);
    EXPECT_EQ(back->match.characters, (MemoSpan{11, 13}));
}

TEST_F(Returning, BeforeAnyRailToldThatItLeft)
{
    auto const back = sent_back({.reference = "FT9"});
    ASSERT_TRUE(back);
    EXPECT_EQ(back->outcome, InboxOutcome::refund_returned);
    EXPECT_FALSE(facts.stored.transfer);
    for (auto const& t : back->command->transfers) EXPECT_EQ(t.code, ledger::TransferCode::refund_dropped) << "neither way was told";
    EXPECT_EQ(settle({}).outcome, InboxOutcome::linked);
    EXPECT_EQ(facts.stored.refund.state, RefundState::returned);
}

TEST_F(Returning, AnythingElseIsMoneyLikeAnyOther)
{
    ASSERT_EQ(settle({}).outcome, InboxOutcome::refund_paid);
    auto const paid = facts;
    EXPECT_FALSE(sent_back({.memo = "khong co ma nao", .reference = "FT9"}));
    EXPECT_EQ(sent_back({.amount = 44'000_vnd, .reference = "FT9"})->outcome, InboxOutcome::refund_differs);
    EXPECT_EQ(sent_back({.memo = "CQ 7K2 M4X7", .reference = "FT9"})->outcome, InboxOutcome::refund_differs);
    for (auto const state : {RefundState::awaiting_approval, RefundState::rejected, RefundState::cancelled, RefundState::failed}) {
        facts = paid;
        stand_at(state);
        EXPECT_EQ(sent_back({.reference = "FT9"})->outcome, InboxOutcome::refund_differs) << name_of(state);
    }
}

}  // namespace
}  // namespace cho40::qr_pay
