#pragma once
#include "base/digest.h"
#include "reconcile/day_run.h"
#include "reconcile/workflow/break_state.h"
#include <optional>
#include <string>
#include <vector>

namespace cho40::reconcile {

// A file that the day's comparison looked at.
struct SheetFile {
    std::string id;
    Side side = Side::provider;
    Day date;
    int revision = 1;
    std::int64_t lines = 0;
    Dong sum;
    Sha256 digest{};
    friend bool operator==(SheetFile const&, SheetFile const&) = default;
};

// A break of the day. Who works on it is not the sheet's business: unfinished is unfinished.
struct SheetBreak {
    std::string id;
    BreakClass kind{};
    Dong delta;
    Dong at_stake;
    std::optional<BreakState> ended;  // how, of a finished one
    friend bool operator==(SheetBreak const&, SheetBreak const&) = default;
};

struct SheetEquation {
    int number = 0;
    std::string name;
    Dong left;
    Dong right;
    friend bool operator==(SheetEquation const&, SheetEquation const&) = default;
};

// What came to light after a version of the day was signed. A signed sheet is never rewritten: the next version says the
// difference, and it counts from the day that version is signed (fees reference §8.3, §8.9).
enum class AdjustmentKind : std::uint8_t {
    ledger,            // credits of the day that were booked later
    provider,          // lines of the day's files
    bank,
    matched,
    waiting,
    file_added,        // a file of this day
    file_withdrawn,    // superseded by another revision
    break_opened,
    break_changed,     // other figures
    break_ended,
    break_reopened,
};
[[nodiscard]] std::string_view name_of(AdjustmentKind kind);
[[nodiscard]] std::optional<AdjustmentKind> adjustment_kind_from(std::string_view name);

struct Adjustment {
    AdjustmentKind kind{};
    std::string subject;     // id of the file or the break; empty of figures
    std::int64_t count = 0;  // how many more
    Dong sum;                // how much more
    friend bool operator==(Adjustment const&, Adjustment const&) = default;
};

// All that is said of one business day of one partner when it is closed. Ids are the API's ("stm_…"), so that paper and
// program speak of the same things.
struct DaySheet {
    Day day;
    std::string partner;
    std::string partner_name;
    int number = 1;                    // of the day's closings, rejected ones included
    std::optional<Sha256> previous;    // of the signed version that the adjustments are against
    std::string run;                   // the comparison it rests on
    Instant as_of;
    Sha256 rules{};                    // rule_set_digest() of the program that compared
    CountSum ledger;                   // credits that the ledger has for the day
    CountSum matched;
    CountSum waiting;
    std::vector<SheetEquation> equations;
    std::vector<SheetFile> files;      // by date, side, id
    std::vector<SheetBreak> breaks;    // by class, id
    std::vector<Adjustment> adjustments;

    // Sums over the files that are about this very day. The files of its neighbours were looked at, not counted.
    // Error: amount_overflow.
    [[nodiscard]] Result<CountSum> lines_of(Side side) const;
};

struct ClassFigures {
    BreakClass kind{};
    std::int64_t count = 0;
    std::int64_t open = 0;
    Dong delta;
    Dong at_stake;
};
// Of every class that occurs, in the order of the closed list. Error: amount_overflow.
[[nodiscard]] Result<std::vector<ClassFigures>> class_figures(DaySheet const& sheet);

// The sheet as the file people take away (sealed_csv.h), with one row for each figure, file, break and adjustment; its total
// row counts and sums the ledger's credits. Its digest is the sheet's, and what is signed. The same sheet has the same bytes.
// Error: amount_overflow.
[[nodiscard]] Result<std::string> sheet_csv(DaySheet const& sheet);

// What sheet_csv() wrote, read again. Error: books_broken.
[[nodiscard]] Result<DaySheet> read_sheet(std::string_view csv);

// Which rules and tables this program compares with: their names in order and the bytes of the tables, hashed. Another
// digest on two sheets says that they were not made by the same rules.
[[nodiscard]] Sha256 const& rule_set_digest();

}  // namespace cho40::reconcile
