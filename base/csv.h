#pragma once
#include "base/result.h"
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cho40 {

// One row of a table file with named columns.
class CsvRow {
public:
    CsvRow(std::vector<std::string> const& columns, std::vector<std::string> cells, std::size_t line)
        : columns_(&columns), cells_(std::move(cells)), line_(line)
    {
    }

    // The cell under a column, empty when the column is not in the file.
    [[nodiscard]] std::string const& operator[](std::string_view column) const;
    [[nodiscard]] std::size_t line() const { return line_; }  // 1-based row of the file, header included

private:
    std::vector<std::string> const* columns_;
    std::vector<std::string> cells_;
    std::size_t line_;
};

// RFC 4180 with a header row, UTF-8 with or without BOM, LF or CRLF. Every row has as many cells as the header.
class CsvTable {
public:
    // `required` columns must be there. Errors: invalid_csv (pointer "line N"), invalid_utf8.
    [[nodiscard]] static Result<CsvTable> parse(std::string_view bytes, std::vector<std::string> const& required);

    [[nodiscard]] std::vector<CsvRow> const& rows() const { return rows_; }

private:
    std::shared_ptr<std::vector<std::string> const> columns_;
    std::vector<CsvRow> rows_;
};

// A cell as CSV writes it: quoted where needed, and never starting a formula in a spreadsheet.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace cho40
