#pragma once
#include "base/result.h"
#include "base/time.h"
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

// One row as its file writes it. Compared as text, so that whatever a cell means, a changed cell is a change.
struct ScheduleRow {
    std::map<std::string, std::string, std::less<>> cells;  // by column; every column of schedule_columns()
    std::size_t line = 0;

    [[nodiscard]] std::string const& operator[](std::string_view column) const { return cells.find(column)->second; }
    // Both inclusive; nothing is open. Days were checked when the file was.
    [[nodiscard]] std::optional<Day> from() const;
    [[nodiscard]] std::optional<Day> to() const;
};

struct ScheduleChange {
    enum class Kind {
        added,    // a row the old file has not
        ended,    // the same row, which now ends or ends earlier; nothing else of it changed
        changed,  // the same row with another amount, unit, relief, day, name …
        removed,  // a row the new file has not: on its days nobody knows the amount any more
    };
    Kind kind;
    std::string fee_code;
    std::optional<ScheduleRow> before, after;
    std::vector<std::string> columns;  // that differ, where there is a row before and one after
    // The first day on which something else is due; nothing: on any day, as far back as anybody asks.
    std::optional<Day> first_day;

    [[nodiscard]] ScheduleRow const& row() const { return after ? *after : *before; }
    // Whether days before `day` are touched too: an assessment made for them from now on differs from one made then.
    [[nodiscard]] bool reaches_before(Day day) const { return !first_day || *first_day < day; }
};
[[nodiscard]] std::string_view schedule_change_name(ScheduleChange::Kind kind);

// What one schedule file says that another does not, by fee code and day. A row is the same row when fee and first day are; where
// only the first day of a fee's row is another, that is a change of it. Pre: both files were read without mistakes.
// Errors: those of CsvTable::parse().
[[nodiscard]] Result<std::vector<ScheduleChange>> schedule_difference(std::string_view before_csv, std::string_view after_csv);

// "Đổi: Cấp hộ chiếu … (PP_NEW): từ 200.000 đ thành 250.000 đ; …", a sentence for whoever decides.
[[nodiscard]] std::string change_text_vi(ScheduleChange const& change);
[[nodiscard]] std::string change_text_en(ScheduleChange const& change);

// The same as a file: change, fee, names, old and new amount, online amount, unit and days, what else differs, the sentence.
[[nodiscard]] std::string difference_csv(std::vector<ScheduleChange> const& changes);

}  // namespace cho40::fees
