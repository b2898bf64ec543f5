#include "ledger/invariants/invariant.h"
#include <unordered_map>

namespace cho40::ledger {
namespace {

// The sum over all accounts of a book is zero at its end. Money is moved, never made.
class Conservation final : public Invariant {
public:
    std::string_view name() const override { return "conservation"; }

    std::optional<std::string> on_row(JournalRow const& row) override
    {
        bool const nothing_moved = row.transfer.flags.closing() && row.transfer.amount.is_zero();
        if (!row.transfer.amount.is_positive() && !nothing_moved)
            return "the amount is " + std::to_string(row.transfer.amount.count()) + "; it must be positive";
        if (row.transfer.debit == row.transfer.credit) return "debit and credit are the same account";
        newest_[row.transfer.debit] = row.debit_balance;
        newest_[row.transfer.credit] = row.credit_balance;
        return std::nullopt;
    }

    std::optional<std::string> on_book_end(BookId) override
    {
        __int128 sum = 0;
        for (auto const& [account, balance] : newest_) sum += balance.count();
        newest_.clear();
        if (sum == 0) return std::nullopt;
        return "the balances of the book add up to " + std::to_string(static_cast<std::int64_t>(sum)) + " đồng instead of zero";
    }

private:
    std::unordered_map<AccountNumber, Dong> newest_;
};

}  // namespace

std::unique_ptr<Invariant> make_conservation() { return std::make_unique<Conservation>(); }

}  // namespace cho40::ledger
