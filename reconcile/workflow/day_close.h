#pragma once
#include "reconcile/workflow/day_sheet.h"

namespace cho40::reconcile {

// Whether the day may be closed on this sheet: the day is over, and no break is open that blocks (blocks_closing()).
// Error: invalid_state; of breaks with one field error for each, whose pointer is the break's id.
[[nodiscard]] Result<Done> may_close(DaySheet const& sheet, Day today);

// What is different now from what was signed. Empty: the day may rest. Files of neighbouring days and what people do with
// open breaks are no difference. Error: amount_overflow.
[[nodiscard]] Result<std::vector<Adjustment>> changes_between(DaySheet const& frozen, DaySheet const& now);

// One who acts on a closing. A key acts for the person it was made for.
struct ClosingActor {
    Uuid id;
    Uuid owner;
    bool is_person = false;
};

// Whether `actor` may sign or reject what `prepared_by` prepared: a person, and another one.
// Errors: forbidden, maker_cannot_check.
[[nodiscard]] Result<Done> may_decide(ClosingActor const& prepared_by, ClosingActor const& actor);

// The bytes that the installation signs when a person signs a sheet: six lines of ASCII, each ended by a line feed. The
// first line is there so that no signature over anything else can pass for a day's.
//
//   cho40 reconciliation day v1
//   closing dcl_…
//   sheet 6e34…            (SHA-256 of the sheet)
//   prepared usr_…
//   signed usr_…
//   at 1795000000000000    (microseconds since 1970 UTC)
struct ClosingWords {
    std::string closing;
    Sha256 sheet{};
    std::string prepared_by;
    std::string signed_by;
    Instant at;
};
[[nodiscard]] std::string signed_bytes(ClosingWords const& words);

}  // namespace cho40::reconcile
