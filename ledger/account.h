#pragma once
#include "base/dong.h"
#include <compare>
#include <cstdint>
#include <functional>

namespace cho40::ledger {

// A set of accounts that balances to zero by itself. First column of every key.
struct BookId {
    std::int64_t value = 0;
    friend constexpr auto operator<=>(BookId, BookId) = default;
};

// Number of an account inside its book; see chart.h for how numbers are made.
struct AccountNumber {
    std::int64_t value = 0;
    friend constexpr auto operator<=>(AccountNumber, AccountNumber) = default;
};

// What an account's balance (debits minus credits) may never do.
enum class AccountLimit : std::int16_t {
    none = 0,
    not_below_zero = 1,  // credits must not exceed debits: an asset that cannot be overdrawn
    not_above_zero = 2,  // debits must not exceed credits: a debt that cannot be overpaid
};

struct Account {
    AccountNumber number;
    AccountLimit limit = AccountLimit::none;
    bool closed = false;
};

}  // namespace cho40::ledger

template <>
struct std::hash<cho40::ledger::BookId> {
    std::size_t operator()(cho40::ledger::BookId id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
template <>
struct std::hash<cho40::ledger::AccountNumber> {
    std::size_t operator()(cho40::ledger::AccountNumber n) const noexcept { return std::hash<std::int64_t>{}(n.value); }
};
