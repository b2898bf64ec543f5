#pragma once
#include "ledger/account.h"
#include <string_view>
#include <vector>

namespace cho40::ledger {

// The chart of accounts. Every owner in a book (a stall, an agency) has a block of sixteen account numbers:
// number = owner ordinal * 16 + kind. So an account is found without a look-up, and a number never means two things.
//
// The platform holds no money: `bank` is what we have learned stands on the owner's own account at its bank.
enum class AccountKind : std::int16_t {
    bank = 0,            // asset: credits heard of on the owner's bank account
    cash = 1,            // asset: cash takings the owner noted
    sales = 2,           // income: payments that closed or served an order
    nameless_sales = 3,  // income: money without an order; still turnover
    cash_sales = 4,      // income: noted by hand
    refund_due = 5,      // debt to payers: surplus and second payments
    fees = 6,            // debt to the budget: phí collected
    charges = 7,         // debt to the budget: lệ phí collected
    unassigned = 8,      // debt: money to an agency that names no notice
    retained = 9,        // income: the share of collected phí that an agency keeps; opened with its first remittance
    budget_due = 10,     // debt to the budget: ordered to be paid, and not yet seen to leave the bank; likewise
    opening = 15,        // equity: figures brought in from before
};

// Position of an owner in its book, from 1. Made once when the owner is registered, never reused.
struct OwnerOrdinal {
    std::int64_t value = 0;
};

[[nodiscard]] constexpr AccountNumber account_number(OwnerOrdinal owner, AccountKind kind)
{
    return AccountNumber{owner.value * 16 + static_cast<std::int64_t>(kind)};
}
[[nodiscard]] constexpr OwnerOrdinal owner_of(AccountNumber number) { return OwnerOrdinal{number.value / 16}; }
[[nodiscard]] constexpr AccountKind kind_of(AccountNumber number) { return static_cast<AccountKind>(number.value % 16); }

// The accounts an owner starts with.
[[nodiscard]] std::vector<Account> stall_accounts(OwnerOrdinal owner);
[[nodiscard]] std::vector<Account> agency_accounts(OwnerOrdinal owner);

[[nodiscard]] std::string_view account_kind_name(AccountKind kind);  // "bank", "sales", …

// Why a transfer was made. Stored in the journal: append, never renumber.
enum class TransferCode : std::int32_t {
    opening = 1,
    sale = 100,
    late_sale = 101,
    nameless_sale = 102,
    overpaid = 110,
    duplicate = 111,
    refund_paid = 112,
    refund_owed = 113,     // a sale that is to be given back
    refund_dropped = 114,  // what was to be given back stays a sale
    cash_sale = 120,
    fee_received = 200,
    charge_received = 201,
    fee_unassigned = 202,
    fee_retained = 210,    // the agency's share of a period's phí; the other way round when refunds outweigh it
    budget_ordered = 211,  // what is due to the budget for a period
    budget_paid = 212,     // an order to the budget has left the agency's account
    reversal = 900,
};

[[nodiscard]] std::string_view transfer_code_name(TransferCode code);

}  // namespace cho40::ledger
