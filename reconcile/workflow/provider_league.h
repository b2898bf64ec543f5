#pragma once
#include "base/working_days.h"
#include "reconcile/file_register.h"
#include "reconcile/workflow/break_life.h"
#include "reconcile/workflow/break_policy.h"
#include "reconcile/workflow/day_sheet.h"

namespace cho40::reconcile {

struct LeagueFile {
    std::string id;
    Day date;
    ImportResult result = ImportResult::ACCEPTED;
    std::int64_t lines = 0;
    Sha256 digest{};
};

// What is known of one partner in a period.
struct LeagueEntry {
    std::string partner;
    std::string name;
    std::vector<LeagueFile> files;  // by the business day they are about
    std::vector<BreakLife> breaks;  // likewise
};

struct LeagueClass {
    BreakClass kind{};
    CountSum breaks;  // the sum is what is at stake
};

struct LeagueRow {
    int place = 0;                      // from 1
    std::string partner;
    std::string name;
    std::int64_t files = 0;
    std::int64_t late = 0;              // came after they were due
    std::int64_t corrected = 0;         // replaced an earlier one
    std::int64_t held = 0;              // did not add up, or contradicted another
    std::int64_t lines = 0;
    CountSum breaks;
    std::int64_t open = 0;
    std::int64_t breaks_per_10000 = 0;  // lines, rounded half up; of none, of one line
    std::int64_t age_tenths = 0;        // mean age of breaks in tenths of working days, rounded half up
    std::vector<LeagueClass> classes;
    std::vector<LeagueFile> remarkable; // late, corrected and held ones
};

// Who is best at it: few late files, then few breaks for their lines, then breaks that end soon; ties by name, then id.
struct ProviderLeague {
    Day from;
    Day to;
    std::vector<LeagueRow> rows;
    CountSum breaks;  // of all
};

// The age of an open break counts until `today`. Error: amount_overflow.
[[nodiscard]] Result<ProviderLeague> league_of(Day from, Day to, std::vector<LeagueEntry> entries, Day today, BreakPolicy const& policy,
                                               WorkingDays const& calendar);
// As the file people take away (sealed_csv.h); the total row counts breaks and sums what is at stake.
[[nodiscard]] std::string league_csv(ProviderLeague const& league);

// "3.4"
[[nodiscard]] std::string tenths_text(std::int64_t tenths);

}  // namespace cho40::reconcile
