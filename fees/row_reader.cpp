#include "fees/row_reader.h"
#include "fees/unit.h"

namespace cho40::fees {

void RowReader::wrong(std::string_view column, std::string detail)
{
    errors_.push_back({"line " + std::to_string(row_.line()) + ", column " + std::string(column), Errc::invalid_csv, std::move(detail)});
}

std::string RowReader::required(std::string_view column)
{
    if (row_[column].empty()) wrong(column, "must not be empty");
    return row_[column];
}

std::optional<std::int64_t> RowReader::count(std::string_view column)
{
    auto const& cell = row_[column];
    if (cell.empty()) return std::nullopt;
    auto const value = parse_count(cell);
    if (!value) wrong(column, "\"" + cell + "\" is not a whole number of at most 13 digits");
    return value;
}

std::optional<Dong> RowReader::dong(std::string_view column)
{
    auto const value = count(column);
    return value ? std::optional(Dong(*value)) : std::nullopt;
}

std::optional<Day> RowReader::day(std::string_view column)
{
    auto const& cell = row_[column];
    if (cell.empty()) return std::nullopt;
    auto const day = Day::parse(cell);
    if (!day) {
        wrong(column, "\"" + cell + "\" is not a day; write 2026-11-22");
        return std::nullopt;
    }
    return *day;
}

void RowReader::period(std::string_view from_column, std::string_view to_column, std::optional<Day>& from, std::optional<Day>& to)
{
    from = day(from_column);
    to = day(to_column);
    if (from && to && *to < *from) wrong(to_column, "ends before " + from->to_string());
}

Error as_error(std::string_view file, std::vector<FieldError> mistakes)
{
    Error error(Errc::invalid_csv, std::string(file) + ": " + mistakes.front().detail, mistakes.front().pointer);
    if (mistakes.size() > 1) error.detail += " (and " + std::to_string(mistakes.size() - 1) + " more)";
    error.fields = std::move(mistakes);
    return error;
}

}  // namespace cho40::fees
