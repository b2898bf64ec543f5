#pragma once
#include "reconcile/records.h"
#include <string>
#include <vector>

namespace cho40::statements {

// One account, the days a statement covers, and what was booked.
struct AccountDays {
    std::string statement_id;                    // also the message id
    std::int64_t sequence = 1;
    Instant created_at;
    std::string account;
    Day from;
    Day to;
    Dong opening;                                // may be below 0
    std::vector<reconcile::BankEntry> entries;   // booked, in VND, of this account
};

// An end-of-day statement camt.053.001.08; the closing balance is opening and entries added up. Same input, same bytes.
// Errors: amount_overflow, invalid_input (an entry of another account or currency, or an amount that is not positive).
[[nodiscard]] Result<std::string> write_camt053(AccountDays const& days);
// One document with a statement for each account, as a bank sends a customer who has several. The message id and the time
// of the document are the first one's. Errors: as above; statement_missing when there is none.
[[nodiscard]] Result<std::string> write_camt053(std::vector<AccountDays> const& statements);

}  // namespace cho40::statements
