#include "ledger/state.h"
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>

namespace cho40::ledger {
namespace {

using namespace cho40::literals;

constexpr BookId book{7};
constexpr AccountNumber bank{16}, sales{18}, refund{21};
Instant const now(std::chrono::seconds(1'700'000'000));

Transfer transfer(int n, AccountNumber debit, AccountNumber credit, Dong amount)
{
    return Transfer(Id<Transfer>(make_derived_uuid({"t", std::to_string(n)})), debit, credit, amount, TransferCode::sale, "CQ7K2M4XJ", now);
}

Command post(int n, Dong amount, AccountNumber debit = bank, AccountNumber credit = sales)
{
    Command c(book);
    c.transfers.push_back(transfer(n, debit, credit, amount));
    return c;
}

// One batch, durable at once unless `keep` says that it may still be taken back.
Batch apply(State& state, std::vector<Command> const& commands, Instant at, bool keep = false)
{
    auto batch = state.apply(commands, at);
    if (!keep) state.settle();
    return batch;
}

State with_accounts(Limits bank_limits = {})
{
    State state;
    Command open(book);
    open.open = {Account{bank, bank_limits}, Account{sales}, Account{refund}};
    auto const batch = apply(state, {open}, now);
    EXPECT_TRUE(batch.outcomes[0]);
    return state;
}

TEST(State, PostsBothSidesAndNumbersWithoutGaps)
{
    auto state = with_accounts();
    auto const batch = apply(state, {post(1, 45000_vnd), post(2, 20000_vnd)}, now);
    ASSERT_EQ(batch.journal.size(), 2u);
    EXPECT_EQ(batch.journal[0].seq, 1);
    EXPECT_EQ(batch.journal[1].seq, 2);
    EXPECT_EQ(batch.journal[1].debit_balance, 65000_vnd);
    EXPECT_EQ(batch.journal[1].credit_balance, Dong(-65000));
    EXPECT_EQ(state.balance(book, bank)->posted, 65000_vnd);
}

TEST(State, TheSameTransferAgainChangesNothing)
{
    auto state = with_accounts();
    auto const batch = apply(state, {post(1, 45000_vnd), post(1, 45000_vnd)}, now);  // also within one batch
    EXPECT_EQ(batch.journal.size(), 1u);
    EXPECT_TRUE(batch.outcomes[1]->replayed);
    auto const later = apply(state, {post(1, 45000_vnd)}, now);
    EXPECT_TRUE(later.outcomes[0]->replayed);
    EXPECT_TRUE(later.writes_nothing());
    EXPECT_EQ(state.balance(book, bank)->posted, 45000_vnd);
}

TEST(State, TheSameIdWithAnotherAmountIsANamedDifference)
{
    auto state = with_accounts();
    auto const batch = apply(state, {post(1, 45000_vnd), post(1, 45001_vnd)}, now);
    EXPECT_EQ(batch.outcomes[1].error().code, Errc::transfer_differs);
}

struct Refusal {
    char const* name;
    Command command;
    Errc code;
};

TEST(State, OneBadCommandDoesNotHarmItsNeighbours)
{
    Command twice(book);
    twice.transfers = {transfer(9, bank, sales, 1_vnd), transfer(9, bank, sales, 1_vnd)};
    Command long_reference = post(10, 1_vnd);
    long_reference.transfers[0].reference = std::string(65, 'x');
    Command half(book);  // second leg names an account that does not exist: the first must not stand
    half.transfers = {transfer(11, bank, sales, 500_vnd), transfer(12, bank, AccountNumber{999}, 500_vnd)};
    Refusal const table[] = {
        {"zero", post(3, 0_vnd), Errc::amount_not_positive},
        {"negative", post(4, Dong(-1)), Errc::amount_not_positive},
        {"same account", post(5, 1_vnd, bank, bank), Errc::invalid_input},
        {"unknown account", post(6, 1_vnd, bank, AccountNumber{999}), Errc::account_unknown},
        {"twice in one command", twice, Errc::invalid_input},
        {"reference too long", long_reference, Errc::text_too_long},
        {"overflow", post(7, Dong(INT64_MAX)), Errc::amount_overflow},
        {"all or nothing", half, Errc::account_unknown},
    };
    for (auto const& row : table) {
        auto state = with_accounts();
        auto const batch = apply(state, {post(1, 100_vnd), row.command, post(2, 100_vnd)}, now);
        ASSERT_FALSE(batch.outcomes[1]) << row.name;
        EXPECT_EQ(batch.outcomes[1].error().code, row.code) << row.name;
        EXPECT_TRUE(batch.outcomes[0]) << row.name;
        EXPECT_TRUE(batch.outcomes[2]) << row.name;
        EXPECT_EQ(state.balance(book, bank)->posted, 200_vnd) << row.name;
        EXPECT_EQ(batch.journal.size(), 2u) << row.name;
    }
}

TEST(State, AChainSaysWhatEachOfItBecameAlsoWhenItIsSentAgain)
{
    auto state = with_accounts(credits_must_not_exceed_debits);
    Command chain(book);
    chain.transfers = {transfer(1, bank, sales, 300_vnd), transfer(2, sales, bank, 1000_vnd)};
    chain.transfers[1].flags.balancing_credit = true;
    auto const batch = apply(state, {post(9, 1_vnd), chain, chain}, now);
    EXPECT_TRUE(batch.outcomes[0]->chain.empty());
    for (auto const i : {1U, 2U}) {
        auto const& receipt = batch.outcomes[i].value();
        EXPECT_EQ(receipt.replayed, i == 2);
        ASSERT_EQ(receipt.chain.size(), 2U);
        EXPECT_EQ(receipt.chain[0].seq, 2);
        EXPECT_EQ(receipt.chain[0].amount, 300_vnd);
        EXPECT_EQ(receipt.chain[1].seq, 3);
        EXPECT_EQ(receipt.chain[1].amount, 301_vnd);
    }
}

TEST(State, LimitsHoldForTheCommandAsAWhole)
{
    auto state = with_accounts(credits_must_not_exceed_debits);
    Command through(book);  // below zero in between, not at the end
    through.transfers = {transfer(1, sales, bank, 100_vnd), transfer(2, bank, refund, 100_vnd)};
    EXPECT_TRUE(apply(state, {through}, now).outcomes[0]);
    EXPECT_EQ(apply(state, {post(3, 1_vnd, sales, bank)}, now).outcomes[0].error().code, Errc::insufficient_funds);
}

TEST(State, AnAccountOutsideItsLimitsMayComeNearerToThemWhateverTheWay)
{
    auto state = with_accounts({.floor = Dong(100), .ceiling = std::nullopt});  // stands at 0
    Command nearer(book);  // up by 50 and down by 20: 30
    nearer.transfers = {transfer(1, bank, sales, 50_vnd), transfer(2, sales, bank, 20_vnd)};
    EXPECT_TRUE(apply(state, {nearer}, now).outcomes[0]);
    Command away(book);  // up by 20 and down by 50: 0
    away.transfers = {transfer(3, bank, sales, 20_vnd), transfer(4, sales, bank, 50_vnd)};
    EXPECT_EQ(apply(state, {away}, now).outcomes[0].error().code, Errc::insufficient_funds);
}

TEST(State, AVoidGivesBackAllOrNamesTheDifference)
{
    auto state = with_accounts();
    auto hold = post(1, 100_vnd);
    hold.transfers[0].kind = TransferKind::pending;
    auto undo = post(2, 40_vnd);
    undo.transfers[0].kind = TransferKind::undo;
    undo.transfers[0].pending = hold.transfers[0].id;
    auto const refused = apply(state, {hold, undo}, now);
    ASSERT_TRUE(refused.outcomes[0]);
    EXPECT_EQ(refused.outcomes[1].error().code, Errc::transfer_differs);
    undo.transfers[0].amount = 0_vnd;
    EXPECT_TRUE(apply(state, {undo}, now).outcomes[0]);
    EXPECT_TRUE(apply(state, {undo}, now).outcomes[0]->replayed);
    undo.transfers[0].amount = 40_vnd;
    EXPECT_EQ(apply(state, {undo}, now).outcomes[0].error().code, Errc::transfer_differs);
}

// Old ids are looked up before a batch is decided; what the batch itself pushes out of memory must not be posted twice by it.
TEST(State, WhatWasKnownWhenABatchBeganIsKnownToItsEnd)
{
    State state(StateLimits{.recent_transfers = 8});
    Command open(book);
    open.open = {Account{bank}, Account{sales}};
    (void)apply(state, {open, post(0, 10_vnd)}, now);
    std::vector<Command> commands;
    for (int n = 1; n <= 20; ++n) commands.push_back(post(n, 10_vnd));
    commands.push_back(post(0, 10_vnd));
    EXPECT_TRUE(state.forgotten(commands.back()).empty());
    auto const batch = apply(state, commands, now);
    EXPECT_TRUE(batch.outcomes.back()->replayed);
    EXPECT_EQ(state.balance(book, bank)->posted, 210_vnd);
    EXPECT_EQ(state.forgotten(commands.back()).size(), 1u) << "from now on it has to be looked up";
}

TEST(State, TwoDecisionsFromTheSameVersionCannotBothWin)
{
    auto state = with_accounts();
    auto const entity = make_derived_uuid({"payment"});
    auto first = post(1, 100_vnd);
    first.guards.push_back(Guard{entity, 1, 2});
    auto second = post(2, 100_vnd);
    second.guards.push_back(Guard{entity, 1, 2});
    auto const batch = apply(state, {first, second}, now);
    EXPECT_TRUE(batch.outcomes[0]);
    EXPECT_EQ(batch.outcomes[1].error().code, Errc::stale);
    second.guards[0] = Guard{entity, 2, 3};
    EXPECT_TRUE(apply(state, {second}, now).outcomes[0]);
}

TEST(State, UndoLeavesNoTrace)
{
    auto state = with_accounts();
    (void)apply(state, {post(1, 45000_vnd)}, now);
    auto command = post(2, 1000_vnd);
    command.guards.push_back(Guard{make_derived_uuid({"p"}), 0, 1});
    command.open.push_back(Account{AccountNumber{40}});
    command.events.push_back(Event{});
    auto const before = apply(state, {command}, now, true);
    state.undo();
    EXPECT_EQ(state.balance(book, bank)->posted, 45000_vnd);
    EXPECT_FALSE(state.balance(book, AccountNumber{40}));
    auto const again = apply(state, {command}, now);
    ASSERT_TRUE(again.outcomes[0]);
    EXPECT_FALSE(again.outcomes[0]->replayed);
    EXPECT_EQ(row_bytes(again.journal[0]), row_bytes(before.journal[0]));
    EXPECT_EQ(again.events[0].seq, before.events[0].seq);
}

// A map of balances and the real machine get the same commands and must agree.
RC_GTEST_PROP(State, AgreesWithAMapOfBalances, ())
{
    State state = with_accounts();
    std::map<std::int64_t, std::int64_t> model{{16, 0}, {18, 0}, {21, 0}};
    std::map<int, std::tuple<std::int64_t, std::int64_t, std::int64_t>> done;
    auto const steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
        auto const id = *rc::gen::inRange(0, 20);
        auto const from = *rc::gen::element<std::int64_t>(16, 18, 21, 99);
        auto const to = *rc::gen::element<std::int64_t>(16, 18, 21);
        auto const amount = *rc::gen::inRange<std::int64_t>(-1, 5);
        auto const batch = apply(state, {post(id, Dong(amount), AccountNumber{from}, AccountNumber{to})}, now, true);
        auto const body = std::tuple(from, to, amount);
        auto const known = done.find(id);
        if (known != done.end()) {
            RC_ASSERT(batch.outcomes[0].has_value() == (known->second == body));
            RC_ASSERT(batch.journal.empty());
        } else if (amount > 0 && from != to && from != 99) {
            RC_ASSERT(batch.outcomes[0].has_value());
            model[from] += amount;
            model[to] -= amount;
            done[id] = body;
        } else {
            RC_ASSERT(!batch.outcomes[0].has_value());
        }
        if (*rc::gen::inRange(0, 4) == 0 && !batch.journal.empty()) {
            state.undo();
            model[from] -= amount;
            model[to] += amount;
            done.erase(id);
        } else {
            state.settle();
        }
    }
    std::int64_t sum = 0;
    for (auto const& [account, balance] : model) {
        RC_ASSERT(state.balance(book, AccountNumber{account})->posted.count() == balance);
        sum += balance;
    }
    RC_ASSERT(sum == 0);
}

}  // namespace
}  // namespace cho40::ledger
