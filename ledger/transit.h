#pragma once
#include "ledger/account.h"

namespace cho40::ledger {

// Where a book keeps what is on its way to another book, or has come from there (between_books.h): one account for each other
// book, below zero, where nobody can open one of his own.
[[nodiscard]] constexpr AccountNumber transit_account(BookId other) { return {-other.value}; }
[[nodiscard]] constexpr bool is_transit(AccountNumber number) { return number.value < 0; }

}  // namespace cho40::ledger
