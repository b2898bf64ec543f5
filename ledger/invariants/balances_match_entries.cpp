#include "ledger/invariants/invariant.h"
#include <unordered_map>

namespace cho40::ledger {
namespace {

// Each running balance is the one before it plus or minus the row's amount; rows that hold or give back move nothing.
class BalancesMatchEntries final : public Invariant {
public:
    std::string_view name() const override { return "balances_match_entries"; }

    void begin(Standing const& standing) override
    {
        for (auto const& [account, balance] : standing.accounts) balance_[account.number] = balance.posted.count();
    }

    std::optional<std::string> on_row(JournalRow const& row) override
    {
        auto const amount = moves_money(row.transfer.kind) ? row.transfer.amount.count() : 0;
        if (auto bad = move(row.transfer.debit, amount, row.debit_balance)) return bad;
        return move(row.transfer.credit, -amount, row.credit_balance);
    }

    std::optional<std::string> on_book_end(BookId) override
    {
        balance_.clear();
        return std::nullopt;
    }

private:
    std::optional<std::string> move(AccountNumber account, std::int64_t change, Dong written)
    {
        auto& balance = balance_[account];
        std::int64_t expected = 0;
        if (__builtin_add_overflow(balance, change, &expected))
            return "the balance of account " + std::to_string(account.value) + " overflows";
        balance = expected;
        if (expected == written.count()) return std::nullopt;
        return "account " + std::to_string(account.value) + ": its entries add up to " + std::to_string(expected) + " đồng, the row says " +
               std::to_string(written.count());
    }

    std::unordered_map<AccountNumber, std::int64_t> balance_;
};

}  // namespace

std::unique_ptr<Invariant> make_balances_match_entries() { return std::make_unique<BalancesMatchEntries>(); }

}  // namespace cho40::ledger
