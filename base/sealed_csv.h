#pragma once
#include "base/digest.h"
#include "base/dong.h"
#include "base/result.h"
#include <string>
#include <string_view>
#include <vector>

namespace cho40 {

// A table that people take away and others check: CSV (UTF-8 with byte order mark, CRLF) whose last row, `total`, carries a
// count, a sum and the SHA-256 of all bytes before that row. That digest names the table wherever it is shown.
class SealedCsv {
public:
    // Columns `count`, `sum` and, last, `sha256` are among them; the first one says what a row is.
    explicit SealedCsv(std::vector<std::string> columns);

    // As many cells as columns. Texts are made harmless in a spreadsheet.
    void row(std::vector<std::string> const& cells);
    // The bytes. The table is used up.
    [[nodiscard]] std::string seal(std::int64_t count, Dong sum) &&;

private:
    std::vector<std::string> columns_;
    std::string bytes_;
};

// The digest in the last row, if the bytes before it have it. Error: books_broken.
[[nodiscard]] Result<Sha256> sealed_digest(std::string_view csv);
// The bytes that are hashed. Pre: sealed_digest() has a value.
[[nodiscard]] std::string_view sealed_content(std::string_view csv);

}  // namespace cho40
