#pragma once
#include "base/result.h"
#include <functional>
#include <memory>
#include <span>
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

// The same files row by row, out of blocks of any size: however long the file, it takes the memory of one row.
class CsvRows {
public:
    static constexpr std::size_t row_bytes_max = 1024 * 1024;

    // One row. The cells live until the call that got it returns.
    class Row {
    public:
        // The cell under the wanted column with this position.
        [[nodiscard]] std::string_view operator[](std::size_t column) const
        {
            auto const at = places_[column];
            auto const begin = at == 0 ? 0 : ends_[at - 1] + 1;
            return text_.substr(begin, ends_[at] - begin);
        }
        [[nodiscard]] std::size_t line() const { return line_; }  // 1-based row of the file, header included

    private:
        friend class CsvRows;
        Row(std::string_view text, std::span<std::size_t const> ends, std::span<std::size_t const> places, std::size_t line)
            : text_(text), ends_(ends), places_(places), line_(line)
        {
        }
        std::string_view text_;
        std::span<std::size_t const> ends_;
        std::span<std::size_t const> places_;
        std::size_t line_;
    };
    using OnRow = std::function<Result<Done>(Row const&)>;

    // All `wanted` columns must be in the header; they may stand there in any order and among others.
    CsvRows(std::vector<std::string> wanted, OnRow on_row);
    ~CsvRows();
    CsvRows(CsvRows&&) noexcept;
    CsvRows& operator=(CsvRows&&) noexcept;

    // The next bytes of the file. Errors: invalid_csv and invalid_utf8 (pointer "line N"), and those of on_row. After an
    // error nothing more may be fed.
    [[nodiscard]] Result<Done> feed(std::string_view block);
    // After the last block. Errors as above.
    [[nodiscard]] Result<Done> finish();

private:
    class Reading;
    std::unique_ptr<Reading> reading_;
};

// A cell as CSV writes it: quoted where needed, and never starting a formula in a spreadsheet.
[[nodiscard]] std::string csv_cell(std::string_view text);

}  // namespace cho40
