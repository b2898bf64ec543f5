#include "base/sealed_csv.h"
#include "base/check.h"
#include "base/csv.h"
#include <optional>

namespace cho40 {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view total = "total";

// Where the last row begins. Nothing when it is not a total row.
std::optional<std::size_t> total_at(std::string_view csv)
{
    constexpr std::string_view line_end = "\r\n";
    if (csv.size() <= line_end.size() || !csv.ends_with(line_end)) return std::nullopt;
    auto const before = csv.rfind(line_end, csv.size() - line_end.size() - 1);
    if (before == csv.npos || !csv.substr(before + line_end.size()).starts_with(total)) return std::nullopt;
    return before + line_end.size();
}

}  // namespace

SealedCsv::SealedCsv(std::vector<std::string> columns) : columns_(std::move(columns)), bytes_(byte_order_mark) { row(columns_); }

void SealedCsv::row(std::vector<std::string> const& cells)
{
    CHO_CHECK(cells.size() == columns_.size());
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) bytes_ += ',';
        bytes_ += csv_cell(cells[i]);
    }
    bytes_ += "\r\n";
}

std::string SealedCsv::seal(std::int64_t count, Dong sum) &&
{
    auto const digest = sha256(bytes_);
    std::vector<std::string> cells;
    for (auto const& column : columns_) {
        if (column == "count") cells.push_back(std::to_string(count));
        else if (column == "sum") cells.push_back(std::to_string(sum.count()));
        else if (column == "sha256") cells.push_back(to_hex(digest));
        else cells.emplace_back();
    }
    cells.front() = total;
    row(cells);
    return std::move(bytes_);
}

Result<Sha256> sealed_digest(std::string_view csv)
{
    auto const at = total_at(csv);
    if (!at) return fail(Errc::books_broken, "the table's last row is missing");
    auto const digest = sha256(csv.substr(0, *at));
    if (!csv.ends_with("," + to_hex(digest) + "\r\n")) return fail(Errc::books_broken, "the table is not what was written");
    return digest;
}

std::string_view sealed_content(std::string_view csv) { return csv.substr(0, *total_at(csv)); }

}  // namespace cho40
