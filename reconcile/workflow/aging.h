#pragma once
#include "base/working_days.h"
#include "reconcile/workflow/break_policy.h"

namespace cho40::reconcile {

// How old a break is, counted in working days from the day its record was due (fees reference §8.7).
struct Aging {
    Day due;                   // a working day
    int working_days = 0;
    std::string_view bucket;   // "0-1", "2-3", "4-7", "8-15", ">15"
    Day target;                // the last day on which it is in time
    int escalation = 0;        // percent of the target that is used up: 0, 50, 100 or 200; 100 and above: too late
};

// The day on which the other side's record was due: its file and its statement come the day after (§8.2), a batch's money
// is overdue the day after that.
[[nodiscard]] Day due_day(BreakClass kind, Day business_date);

// Of an unfinished break as of `today`; of a finished one `today` is the day it ended.
[[nodiscard]] Aging aging_of(BreakClass kind, Day business_date, Day today, BreakPolicy const& policy, WorkingDays const& calendar);

inline constexpr std::string_view aging_buckets[] = {"0-1", "2-3", "4-7", "8-15", ">15"};

}  // namespace cho40::reconcile
