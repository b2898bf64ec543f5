#pragma once
#include "reconcile/result.h"
#include "reconcile/settings.h"
#include <set>
#include <vector>

namespace cho40::reconcile {

// A file that is kept but not applied.
struct HeldFile {
    BreakClass kind = BreakClass::FILE_CONFLICT;  // or FILE_INTEGRITY
    std::string file;
    std::string why;
};

// Everything one run looks at: one intermediary and the accounts it pays into. The records are only pointed at and must
// outlive the call; their order does not matter.
struct RunInput {
    std::vector<InternalRecord const*> internal;
    std::vector<ProviderLine const*> provider;  // all lines of the files in force
    std::vector<BankEntry const*> bank;         // all booked entries of the statements in force
    std::vector<StatementBalance> balances;     // of the statements that give balances
    std::set<Day> provider_days;                // business dates whose file is in force
    std::optional<Day> bank_covered_to;         // last day covered by a statement in force
    std::vector<HeldFile> held;
    Instant as_of;
};

// Compares the three sides and says where every record went. Pure: no clock, no I/O; O(n log n).
// Errors: equation_failed (names the equation and its figures; nothing of the result may be used), invalid_input (two
// internal records with one payment id, an amount that is not positive), amount_overflow.
[[nodiscard]] Result<RunResult> reconcile_day(RunInput const& input, Settings const& settings);

}  // namespace cho40::reconcile
