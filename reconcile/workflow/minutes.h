#pragma once
#include "reconcile/workflow/break_life.h"
#include "reconcile/workflow/day_sheet.h"

namespace cho40::reconcile {

// A month's days, both included.
struct Month {
    Day first;
    Day last;

    // "2026-11". Error: invalid_period.
    [[nodiscard]] static Result<Month> parse(std::string_view yyyy_mm);
    [[nodiscard]] bool holds(Day day) const { return first <= day && day <= last; }
    [[nodiscard]] std::string to_string() const { return first.to_string().substr(0, 7); }
    [[nodiscard]] std::string to_vietnamese() const { return first.to_vietnamese().substr(3); }  // 11/2026
};

// A signed version of a day.
struct SignedSheet {
    std::string closing;
    Sha256 digest{};
    Instant signed_at;
    DaySheet sheet;
};

struct MinutesDay {
    Day day;
    std::optional<SignedSheet> version;  // the first that was signed; nothing: the day is not closed
};

struct MinutesAdjustment {
    Day on;             // the day it counts from
    Day of;             // the day it is about
    std::string closing;
    Sha256 digest{};    // of the version that says it
    Adjustment what;
};

struct MinutesFigures {
    CountSum ledger, provider, bank, matched, waiting;
};

// How many breaks and how much is at stake.
struct CarryOver {
    CountSum before;  // open when the month began
    CountSum opened;
    CountSum ended;
    CountSum after;   // before + opened - ended
};

// The minutes of a month with one partner (biên bản đối soát). Each day counts with the version signed first, in its own month; every
// later version counts with its differences, in the month in which it was signed. So nothing counts twice, the months add up to
// what is true now, and minutes of a month whose days are all closed never change.
struct MonthlyMinutes {
    Month month;
    std::string partner;
    std::string partner_name;
    std::vector<MinutesDay> days;                // every day of the month
    std::vector<MinutesAdjustment> adjustments;  // by when they count from, day, kind
    MinutesFigures days_total;
    MinutesFigures adjusted;                     // what the adjustments add
    MinutesFigures total;
    CarryOver carry_over;
    std::vector<std::pair<std::string, CountSum>> causes;  // of breaks opened in the month; empty: none was named yet
    std::vector<BreakLife> open_items;           // open at the end, by date, class, id

    [[nodiscard]] std::size_t open_days() const;
};

// `versions` are all signed ones of the partner for days of the month, and all signed in the month; more does no harm.
// `breaks` those that were open when it began or became known in it. Error: amount_overflow.
[[nodiscard]] Result<MonthlyMinutes> minutes_of(Month month, std::string partner, std::string partner_name,
                                                std::vector<SignedSheet> versions, std::vector<BreakLife> breaks);

// The minutes as the file people take away (sealed_csv.h); the total row counts and sums the ledger's credits with what the
// adjustments add. Error: amount_overflow.
[[nodiscard]] Result<std::string> minutes_csv(MonthlyMinutes const& minutes);

}  // namespace cho40::reconcile
