#include "ledger/invariants/batch_check.h"
#include "ledger/invariants/invariant.h"
#include "ledger/merkle.h"
#include "ledger/state.h"
#include "tests/unit/ledger/head_signer.h"
#include <functional>
#include <gtest/gtest.h>

namespace cho40::ledger {
namespace {

constexpr BookId book{1};

Instant at(int second) { return Instant(std::chrono::seconds(1'700'000'000 + second)); }
Id<Transfer> id(int n) { return Id<Transfer>(make_derived_uuid({std::to_string(n)})); }

// Ten sales, then: 11 holds, 12 posts part of it, 13 holds, 14 voids, 15 holds with a timeout, 16 expires, 17 closes.
std::vector<JournalRow> good_rows()
{
    State state;
    std::vector<JournalRow> rows;
    auto const apply = [&](Command const& command, int second) {
        auto const batch = state.apply(std::span(&command, 1), at(second));
        EXPECT_TRUE(batch.outcomes[0]) << batch.outcomes[0].error().detail;
        rows.insert(rows.end(), batch.journal.begin(), batch.journal.end());
        state.settle();
    };
    Command open(book);
    open.open = {Account{AccountNumber{16}}, Account{AccountNumber{18}}, Account{AccountNumber{21}}};
    apply(open, 0);
    for (int i = 0; i < 10; ++i) {
        Command c(book);
        c.transfers.emplace_back(id(i), AccountNumber{16}, AccountNumber{i % 2 ? 18 : 21}, Dong(1000 + i), TransferCode::sale, "CQ7K2M4XJ",
                                 at(0));
        apply(c, i);
    }
    auto const transfer = [&](int n, TransferKind kind, Dong amount, int pending, int second) {
        Command c(book);
        c.transfers.emplace_back(id(n), AccountNumber{16}, AccountNumber{18}, amount, TransferCode::sale, "", at(0));
        c.transfers[0].kind = kind;
        if (pending != 0) c.transfers[0].pending = id(pending);
        if (n == 15) c.transfers[0].timeout = std::chrono::seconds(10);
        if (n == 17) c.transfers[0].flags.closing_debit = true;
        apply(c, second);
    };
    transfer(11, TransferKind::pending, Dong(500), 0, 11);
    transfer(12, TransferKind::post, Dong(300), 11, 12);
    transfer(13, TransferKind::pending, Dong(500), 0, 13);
    transfer(14, TransferKind::undo, Dong(500), 13, 14);
    transfer(15, TransferKind::pending, Dong(500), 0, 15);
    transfer(17, TransferKind::posted, Dong(1), 0, 30);
    return rows;
}

std::optional<Fault> verify(std::vector<JournalRow> const& rows)
{
    Verifier verifier;
    for (auto const& row : rows) {
        if (auto fault = verifier.on_row(row)) return fault;
    }
    return verifier.finish();
}

struct Corruption {
    char const* what;
    char const* law;
    std::int64_t seq;
    std::function<void(std::vector<JournalRow>&)> plant;
};

class Corrupted : public testing::TestWithParam<Corruption> {};

TEST_P(Corrupted, IsFoundAndNamed)
{
    auto rows = good_rows();
    ASSERT_FALSE(verify(rows));
    GetParam().plant(rows);
    auto const fault = verify(rows);
    ASSERT_TRUE(fault) << GetParam().what;
    EXPECT_EQ(fault->law, GetParam().law) << fault->what;
    EXPECT_EQ(fault->seq, GetParam().seq) << fault->what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Corrupted,
    testing::Values(
        Corruption{"a deleted row", "sequence_gapless", 6, [](auto& r) { r.erase(r.begin() + 4); }},
        Corruption{"a deleted first row", "sequence_gapless", 2, [](auto& r) { r.erase(r.begin()); }},
        Corruption{"a row twice", "sequence_gapless", 5, [](auto& r) { r.insert(r.begin() + 5, r[4]); }},
        Corruption{"an id twice", "one_outcome_per_key", 6, [](auto& r) { r[5].transfer.id = r[4].transfer.id; }},
        Corruption{"a changed amount", "balances_match_entries", 5, [](auto& r) { r[4].transfer.amount = Dong(999999); }},
        Corruption{"swapped accounts", "balances_match_entries", 5, [](auto& r) { std::swap(r[4].transfer.debit, r[4].transfer.credit); }},
        Corruption{"a changed balance", "balances_match_entries", 3, [](auto& r) { r[2].credit_balance = Dong(1); }},
        Corruption{"an end without a beginning", "holds_end_once", 12, [](auto& r) { r[11].transfer.pending = id(99); }},
        Corruption{"an end twice", "holds_end_once", 14, [](auto& r) { r[13].transfer.pending = r[11].transfer.pending; }},
        Corruption{"more than was held", "holds_end_once", 12, [](auto& r) { r[10].transfer.amount = Dong(200); }},
        Corruption{"expired before its time", "holds_end_once", 16, [](auto& r) { *r[14].expires_at += std::chrono::hours(1); }},
        Corruption{"a void that gives back another sum", "holds_end_once", 14, [](auto& r) { r[13].transfer.amount = Dong(499); }},
        Corruption{"a closed account that goes on", "closed_stays_closed", 2, [](auto& r) { r[0].transfer.flags.closing_debit = true; }},
        Corruption{"time running back", "sequence_gapless", 9, [](auto& r) { r[8].recorded_at = Instant{}; }}));

// What the books say of themselves beside what their rows say.
struct Said {
    char const* what;
    std::int64_t after;  // row
    AccountNumber account;
    Balance balance;
    char const* law;  // that is broken; null: none
};
class Standings : public testing::TestWithParam<Said> {};

TEST_P(Standings, AreWhatTheRowsGive)
{
    auto const rows = good_rows();
    auto const& said = GetParam();
    Verifier verifier;
    Standing standing{.book = book, .seq = said.after, .event_seq = 0, .accounts = {}, .holds = {}};
    for (auto const number : {AccountNumber{16}, AccountNumber{18}, AccountNumber{21}}) {
        Balance balance;
        for (auto const& row : rows) {
            if (row.seq > said.after) break;
            auto const amount = moves_money(row.transfer.kind) ? row.transfer.amount.count() : 0;
            if (row.transfer.debit == number) balance.posted = Dong(balance.posted.count() + amount);
            if (row.transfer.credit == number) balance.posted = Dong(balance.posted.count() - amount);
        }
        if (said.after == 13) (number.value == 16 ? balance.debits_held : balance.credits_held) = Dong(number.value == 21 ? 0 : 500);
        bool const closed = said.after == 17 && number == AccountNumber{16};
        standing.accounts.emplace_back(Account{number, {}, closed != (said.account == AccountNumber{0} && number == AccountNumber{16})},
                                       said.account == number ? said.balance : balance);
    }
    verifier.expect(standing);
    std::optional<Fault> fault;
    for (auto const& row : rows) {
        if (!fault) fault = verifier.on_row(row);
    }
    if (!fault) fault = verifier.finish();
    EXPECT_EQ(!fault, !said.law) << said.what << (fault ? ": " + fault->what : "");
    if (fault) EXPECT_EQ(fault->law, said.law);
}

INSTANTIATE_TEST_SUITE_P(
    Table, Standings,
    testing::Values(Said{"as it is, in the middle", 13, AccountNumber{99}, {}, nullptr},
                    Said{"as it is, at the end", 17, AccountNumber{99}, {}, nullptr},
                    Said{"a total that is no sum of entries", 13, AccountNumber{18}, {Dong(-1), Dong(), Dong(500)}, "held_plus_available"},
                    Said{"a hold that nobody opened", 17, AccountNumber{16}, {Dong(10346), Dong(500), Dong()}, "held_plus_available"},
                    Said{"a hold that is forgotten", 13, AccountNumber{16}, {Dong(10345), Dong(), Dong()}, "held_plus_available"},
                    Said{"held on the other side", 13, AccountNumber{16}, {Dong(10345), Dong(), Dong(500)}, "held_plus_available"},
                    Said{"an account closed by nobody", 13, AccountNumber{0}, {}, "closed_stays_closed"},
                    Said{"a closed account that is open", 17, AccountNumber{0}, {}, "closed_stays_closed"},
                    Said{"more rows than stand", 18, AccountNumber{99}, {}, "sequence_gapless"}));

// The laws as they run beside a writer: from any row on, batch by batch.
TEST(BatchCheckTest, GoesOnFromWhereTheBooksStood)
{
    State state;
    auto const apply = [&](Command const& command, int second) { return state.apply(std::span(&command, 1), at(second)); };
    Command open(book);
    open.open = {Account{AccountNumber{16}}, Account{AccountNumber{18}}};
    (void)apply(open, 0);
    state.settle();
    auto const sale = [&](int n, TransferKind kind) {
        Command c(book);
        c.transfers.emplace_back(id(n), AccountNumber{16}, AccountNumber{18}, Dong(1000), TransferCode::sale, "", at(0));
        c.transfers[0].kind = kind;
        if (kind == TransferKind::post) c.transfers[0].pending = id(2);
        return c;
    };
    (void)apply(sale(1, TransferKind::posted), 1);
    state.settle();
    (void)apply(sale(2, TransferKind::pending), 2);
    state.settle();

    BatchCheck check(state);
    auto const first = apply(sale(3, TransferKind::posted), 3);
    auto const second = apply(sale(4, TransferKind::post), 4);
    state.settle();
    EXPECT_FALSE(check.on_committed(first, state));
    state.settle();
    auto const fault = check.on_committed(second, state);
    EXPECT_FALSE(fault) << fault->what;

    BatchCheck late(state);
    auto third = apply(sale(5, TransferKind::posted), 5);
    state.settle();
    third.journal[0].debit_balance = Dong(1);
    auto const found = late.on_committed(third, state);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->law, "balances_match_entries");
    EXPECT_EQ(found->seq, 5);

    BatchCheck listening(state);
    Batch told;
    told.events.push_back(NumberedEvent{book, 1, at(6), Event{}});
    told.events.push_back(NumberedEvent{book, 3, at(6), Event{}});
    auto const lost = listening.on_committed(told, state);
    ASSERT_TRUE(lost);
    EXPECT_EQ(lost->law, "events_gapless");
    EXPECT_EQ(lost->seq, 3);

    // A row that memory never saw: the rows are right among themselves, memory is not.
    BatchCheck strict(state);
    Batch invented = first;
    invented.journal[0].seq = 6;
    invented.journal[0].transfer.id = id(6);
    invented.journal[0].recorded_at = at(6);
    invented.journal[0].debit_balance = Dong(state.balance(book, AccountNumber{16})->posted.count() + 1000);
    invented.journal[0].credit_balance = Dong(state.balance(book, AccountNumber{18})->posted.count() - 1000);
    auto const ahead = strict.on_committed(invented, state);
    ASSERT_TRUE(ahead);
    EXPECT_EQ(ahead->law, "held_plus_available");
}

// Heads of 4, 9 and all rows, as the notary would have signed them.
std::vector<SignedHead> heads_of(std::vector<JournalRow> const& rows)
{
    TestSigner const signer;
    std::vector<SignedHead> heads;
    MerkleFrontier tree;
    std::vector<MerkleNode> completed;
    for (auto const& row : rows) {
        tree.append(leaf_hash(row), completed);
        if (row.seq != 4 && row.seq != 9 && row.seq != static_cast<std::int64_t>(rows.size())) continue;
        SignedHead head;
        head.book = book;
        head.size = tree.size();
        head.root = tree.root();
        if (!heads.empty()) head.previous = head_hash(heads.back());
        heads.push_back(sign_head(signer, head));
    }
    return heads;
}

std::optional<Fault> verify(std::vector<JournalRow> const& rows, std::vector<SignedHead> const& heads)
{
    TestSigner const signer;
    Verifier verifier({&signer});
    for (auto const& head : heads) verifier.expect(head);
    for (auto const& row : rows) {
        if (auto fault = verifier.on_row(row)) return fault;
    }
    return verifier.finish();
}

using Heads = std::vector<SignedHead>;
struct ForgedChain {
    char const* what;
    std::int64_t seq;
    std::function<void(std::vector<JournalRow>&, Heads&)> plant;
};

class Chain : public testing::TestWithParam<ForgedChain> {};

TEST_P(Chain, WhatWasSignedMustStand)
{
    auto rows = good_rows();
    auto heads = heads_of(rows);
    ASSERT_FALSE(verify(rows, heads));
    GetParam().plant(rows, heads);
    auto const fault = verify(rows, heads);
    ASSERT_TRUE(fault) << GetParam().what;
    EXPECT_EQ(fault->law, "chain_intact") << fault->what;
    EXPECT_EQ(fault->seq, GetParam().seq) << fault->what;
}

INSTANTIATE_TEST_SUITE_P(
    Table, Chain,
    testing::Values(ForgedChain{"a changed reference", 4, [](auto& r, Heads&) { r[3].transfer.reference = "CQ7K2M4XK"; }},
                    ForgedChain{"a changed event time", 9, [](auto& r, Heads&) { r[5].transfer.event_at += std::chrono::hours(1); }},
                    ForgedChain{"another root", 9, [](auto&, Heads& h) { h[1].root[0] ^= 1; }},
                    ForgedChain{"a root signed by somebody else", 4, [](auto&, Heads& h) { h[0].signature[0] ^= 1; }},
                    ForgedChain{"a head of a key that nobody knows", 9,
                                [](auto&, Heads& h) {
                                    h[1].key[0] ^= 1;
                                    h[2].previous = head_hash(h[1]);
                                }},
                    ForgedChain{"a head taken out", 17, [](auto&, Heads& h) { h.erase(h.begin() + 1); }},
                    ForgedChain{"the newest row deleted", 0, [](auto& r, Heads&) { r.pop_back(); }}));

// Heads of a book are told before its first row, when the book before it has not been ended yet.
TEST(Chain, EachBookHasItsOwnHeads)
{
    TestSigner const signer;
    Verifier verifier({&signer});
    std::int64_t heads = 0;
    for (BookId const b : {BookId{1}, BookId{2}}) {
        auto rows = good_rows();
        for (auto& row : rows) row.book = b;
        auto signed_heads = heads_of(rows);
        for (auto& head : signed_heads) head.book = b;
        signed_heads[0] = sign_head(signer, signed_heads[0]);
        for (std::size_t i = 1; i < signed_heads.size(); ++i) {
            signed_heads[i].previous = head_hash(signed_heads[i - 1]);
            signed_heads[i] = sign_head(signer, signed_heads[i]);
        }
        for (auto const& head : signed_heads) verifier.expect(head);
        heads += static_cast<std::int64_t>(signed_heads.size());
        for (auto const& row : rows) {
            auto const fault = verifier.on_row(row);
            ASSERT_FALSE(fault) << fault->what;
        }
    }
    EXPECT_FALSE(verifier.finish());
    EXPECT_EQ(verifier.heads(), heads);
}

}  // namespace
}  // namespace cho40::ledger
