#include "base/csv.h"
#include "base/check.h"
#include "base/text.h"
#include <algorithm>
#include <csv.h>
#include <memory>

namespace cho40 {
namespace {

struct Reading {
    std::vector<std::vector<std::string>> rows;
    std::vector<std::string> row;
};

void on_cell(void* text, std::size_t size, void* reading)
{
    auto const* bytes = static_cast<char const*>(text);
    static_cast<Reading*>(reading)->row.emplace_back(bytes ? std::string(bytes, size) : std::string());
}

void on_row(int, void* reading)
{
    auto& r = *static_cast<Reading*>(reading);
    r.rows.push_back(std::move(r.row));
    r.row.clear();
}

}  // namespace

std::string const& CsvRow::operator[](std::string_view column) const
{
    static std::string const empty;
    auto const it = std::ranges::find(*columns_, column);
    return it == columns_->end() ? empty : cells_[static_cast<std::size_t>(it - columns_->begin())];
}

Result<CsvTable> CsvTable::parse(std::string_view bytes, std::vector<std::string> const& required)
{
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    if (!is_valid_utf8(bytes)) return fail(Errc::invalid_utf8, "the file is not UTF-8", "line " + std::to_string(invalid_utf8_line(bytes)));
    if (bytes.find('\0') != bytes.npos) return fail(Errc::invalid_csv, "the file holds a zero byte");

    csv_parser parser;
    CHO_CHECK(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) == 0);
    std::unique_ptr<csv_parser, void (*)(csv_parser*)> const guard(&parser, csv_free);
    Reading reading;
    auto const bad_quotes = [&] {
        return fail(Errc::invalid_csv, std::string("the quotes do not fit: ") + csv_strerror(csv_error(&parser)),
                    "line " + std::to_string(reading.rows.size() + 1));
    };
    if (csv_parse(&parser, bytes.data(), bytes.size(), on_cell, on_row, &reading) != bytes.size()) return bad_quotes();
    if (csv_fini(&parser, on_cell, on_row, &reading) != 0) return bad_quotes();
    if (reading.rows.empty()) return fail(Errc::invalid_csv, "the file is empty; a header row is needed", "line 1");

    CsvTable table;
    table.columns_ = std::make_shared<std::vector<std::string> const>(std::move(reading.rows.front()));
    for (auto const& column : required) {
        if (std::ranges::find(*table.columns_, column) == table.columns_->end()) {
            return fail(Errc::invalid_csv, "the column " + column + " is missing", "line 1");
        }
    }
    for (std::size_t i = 1; i < reading.rows.size(); ++i) {
        auto& cells = reading.rows[i];
        if (cells.size() != table.columns_->size()) {
            return fail(Errc::invalid_csv,
                        "the row has " + std::to_string(cells.size()) + " cells, the header " + std::to_string(table.columns_->size()),
                        "line " + std::to_string(i + 1));
        }
        table.rows_.emplace_back(*table.columns_, std::move(cells), i + 1);
    }
    return table;
}

std::string csv_cell(std::string_view text)
{
    std::string cell(text);
    if (!cell.empty() && (cell[0] == '=' || cell[0] == '+' || cell[0] == '-' || cell[0] == '@' || cell[0] == '\t') &&
        cell.find_first_not_of("0123456789.-") != std::string::npos) {
        cell.insert(cell.begin(), '\'');
    }
    if (cell.find_first_of(",\"\r\n") == std::string::npos) return cell;
    std::string quoted = "\"";
    for (char c : cell) {
        if (c == '"') quoted += '"';
        quoted += c;
    }
    return quoted + '"';
}

}  // namespace cho40
