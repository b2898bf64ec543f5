#pragma once
#include "base/dong.h"
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>

namespace cho40::ledger {

// A set of accounts that balances to zero by itself. First column of every key.
struct BookId {
    std::int64_t value = 0;
    friend constexpr auto operator<=>(BookId, BookId) = default;
};

// What a book is for. Stored: append, never renumber.
enum class BookKind : std::int16_t {
    market = 1,   // posted to by the product's own use cases only
    agency = 2,   // likewise
    general = 3,  // posted to by integrators, whatever they keep in it
};

// Number of an account inside its book; see chart.h for how numbers are made.
struct AccountNumber {
    std::int64_t value = 0;
    friend constexpr auto operator<=>(AccountNumber, AccountNumber) = default;
};

// What an account's balance (debits minus credits) may never do. Amounts held count as if they had been posted, on the
// side where that hurts: what is available to go out is balance - floor - credits held. An account that stands outside its
// limits (it was opened so) takes whatever command does not leave it worse than it was.
//   floor 0:   credits must not exceed debits: an asset that cannot be overdrawn
//   ceiling 0: debits must not exceed credits: a debt that cannot be overpaid
struct Limits {
    std::optional<Dong> floor;
    std::optional<Dong> ceiling;

    friend constexpr bool operator==(Limits const&, Limits const&) = default;
};

inline constexpr Limits credits_must_not_exceed_debits{.floor = Dong(), .ceiling = std::nullopt};
inline constexpr Limits debits_must_not_exceed_credits{.floor = std::nullopt, .ceiling = Dong()};

struct Account {
    AccountNumber number;
    Limits limits{};
    bool closed = false;  // takes no transfers any more; what is held on it may still be posted or given back
};

// An account's figures at one moment.
struct Balance {
    Dong posted;        // debits minus credits
    Dong debits_held;   // pending transfers that would raise it
    Dong credits_held;  // pending transfers that would lower it

    friend constexpr bool operator==(Balance const&, Balance const&) = default;
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
