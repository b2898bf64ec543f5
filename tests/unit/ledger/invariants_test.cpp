#include "ledger/invariants/invariant.h"
#include "ledger/state.h"
#include <functional>
#include <gtest/gtest.h>

namespace cho40::ledger {
namespace {

constexpr BookId book{1};

std::vector<JournalRow> good_rows()
{
    State state;
    Command open(book);
    open.open = {Account{AccountNumber{16}}, Account{AccountNumber{18}}, Account{AccountNumber{21}}};
    (void)state.apply({open}, Instant{});
    std::vector<JournalRow> rows;
    for (int i = 0; i < 10; ++i) {
        Command c(book);
        c.transfers.emplace_back(Id<Transfer>(make_derived_uuid({std::to_string(i)})), AccountNumber{16}, AccountNumber{i % 2 ? 18 : 21},
                                 Dong(1000 + i), TransferCode::sale, "CQ7K2M4XJ", Instant{});
        auto batch = state.apply({c}, Instant(std::chrono::seconds(i)));
        rows.push_back(batch.journal.at(0));
    }
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
        Corruption{"a changed reference", "chain_intact", 4, [](auto& r) { r[3].transfer.reference = "CQ7K2M4XK"; }},
        Corruption{"a changed event time", "chain_intact", 4, [](auto& r) { r[3].transfer.event_at = Instant(std::chrono::hours(1)); }},
        Corruption{"a forged link", "chain_intact", 8, [](auto& r) { r[7].chain[0] ^= 1; }},
        Corruption{"time running back", "sequence_gapless", 9, [](auto& r) { r[8].recorded_at = Instant{}; }}));

}  // namespace
}  // namespace cho40::ledger
