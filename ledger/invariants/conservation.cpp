#include "ledger/invariants/invariant.h"
#include <unordered_map>

namespace cho40::ledger {
namespace {

// The sum over all accounts of a book is zero after each row. Money is moved, never made.
class Conservation final : public Invariant {
public:
    std::string_view name() const override { return "conservation"; }

    void begin(Standing const& standing) override
    {
        for (auto const& [account, balance] : standing.accounts) change(account.number, balance.posted);
    }

    std::optional<std::string> on_row(JournalRow const& row) override
    {
        bool const nothing_moved = row.transfer.flags.closing() && row.transfer.amount.is_zero();
        if (!row.transfer.amount.is_positive() && !nothing_moved)
            return "the amount is " + std::to_string(row.transfer.amount.count()) + "; it must be positive";
        if (row.transfer.debit == row.transfer.credit) return "debit and credit are the same account";
        change(row.transfer.debit, row.debit_balance);
        change(row.transfer.credit, row.credit_balance);
        if (sum_ == 0) return std::nullopt;
        return "the balances of the book add up to " + std::to_string(static_cast<std::int64_t>(sum_)) + " đồng instead of zero";
    }

    std::optional<std::string> on_book_end(BookId) override
    {
        newest_.clear();
        sum_ = 0;
        return std::nullopt;
    }

private:
    void change(AccountNumber account, Dong balance)
    {
        auto& newest = newest_[account];
        sum_ += static_cast<__int128>(balance.count()) - newest.count();
        newest = balance;
    }

    std::unordered_map<AccountNumber, Dong> newest_;
    __int128 sum_ = 0;
};

}  // namespace

std::unique_ptr<Invariant> make_conservation() { return std::make_unique<Conservation>(); }

}  // namespace cho40::ledger
