#pragma once
#include "base/csv.h"
#include "base/dong.h"
#include "base/time.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

// Reads the cells of one row of a data file and collects what is wrong with them, each with "line N, column C".
// A row is used only when ok() is true at its end; the other rows of the file are read on, so that a person who mends a
// file sees all its mistakes at once.
class RowReader {
public:
    RowReader(CsvRow const& row, std::vector<FieldError>& errors) : row_(row), errors_(errors), before_(errors.size()) {}

    [[nodiscard]] std::string const& text(std::string_view column) const { return row_[column]; }
    [[nodiscard]] std::string required(std::string_view column);
    [[nodiscard]] std::optional<Dong> dong(std::string_view column);  // whole đồng, at most 13 digits
    [[nodiscard]] std::optional<std::int64_t> count(std::string_view column);
    [[nodiscard]] std::optional<Day> day(std::string_view column);
    // Both ends of a period; complains when it ends before it begins.
    void period(std::string_view from_column, std::string_view to_column, std::optional<Day>& from, std::optional<Day>& to);

    void wrong(std::string_view column, std::string detail);
    [[nodiscard]] bool ok() const { return errors_.size() == before_; }
    [[nodiscard]] std::size_t line() const { return row_.line(); }

private:
    CsvRow const& row_;
    std::vector<FieldError>& errors_;
    std::size_t before_;
};

// All mistakes of a file as one error: the first in its text and pointer, every one in `fields`.
[[nodiscard]] Error as_error(std::string_view file, std::vector<FieldError> mistakes);

// True when `day` lies in [from, to]; a missing end is open.
[[nodiscard]] inline bool in_period(std::optional<Day> from, std::optional<Day> to, Day day)
{
    return (!from || *from <= day) && (!to || day <= *to);
}
[[nodiscard]] inline bool periods_overlap(std::optional<Day> from_a, std::optional<Day> to_a, std::optional<Day> from_b,
                                          std::optional<Day> to_b)
{
    return (!from_a || !to_b || *from_a <= *to_b) && (!from_b || !to_a || *from_b <= *to_a);
}

}  // namespace cho40::fees
