#pragma once
#include "reconcile/file_register.h"

namespace cho40::statements {

// What one day's file is expected to be about.
struct DayFileFacts {
    reconcile::Side side = reconcile::Side::provider;  // provider or bank
    Day day;
    std::set<std::string> accounts;  // of the book; a statement may be about no others
};

struct DayFile {
    reconcile::ImportedFile file;  // side, business date, parties and records; the rest is the receiver's to fill in
    std::int64_t lines = 0;
    Dong sum;                      // of its money, refunds and debits negative
    int damage_line = 0;           // where file.damage is, 0: the file as a whole
};

// Reads a provider's daily file (either form) or a camt.053 statement and holds it against what it was handed in as.
// Sums that do not agree are damage, not an error: such a file is kept and not applied.
// Errors, all with pointer "line N": those of read_bank_day and read_provider_file; statement_missing (a camt
// message that is no end-of-day statement), unknown_receiving_account (a statement of an account that is not ours),
// invalid_date (a file of another day), invalid_csv (a provider file without a head).
[[nodiscard]] Result<DayFile> read_day_file(DayFileFacts const& facts, std::string_view bytes);

}  // namespace cho40::statements
