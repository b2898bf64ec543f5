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

class CsvRows::Reading {
public:
    Reading(std::vector<std::string> wanted, OnRow on_row) : wanted_(std::move(wanted)), on_row_(std::move(on_row))
    {
        CHO_CHECK(csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI) == 0);
    }
    ~Reading() { csv_free(&parser_); }
    Reading(Reading const&) = delete;
    Reading& operator=(Reading const&) = delete;

    Result<Done> feed(std::string_view block)
    {
        if (!begun_) {
            // The mark may be cut by the end of a block.
            auto const taken = std::min(block.size(), byte_order_mark.size() - head_.size());
            head_.append(block.substr(0, taken));
            block.remove_prefix(taken);
            if (head_.size() < byte_order_mark.size()) return Done{};
            CHO_TRY_DO(begin());
        }
        return parse(block);
    }

    Result<Done> finish()
    {
        if (!begun_) CHO_TRY_DO(begin());
        if (csv_fini(&parser_, on_cell, on_row, this) != 0) return bad_quotes();
        CHO_TRY_DO(state_);
        if (line_ == 0) return fail(Errc::invalid_csv, "the file is empty; a header row is needed", "line 1");
        return Done{};
    }

private:
    static constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

    static void on_cell(void* text, std::size_t size, void* reading)
    {
        auto& r = *static_cast<Reading*>(reading);
        if (!r.ends_.empty()) r.text_ += ',';  // so that no character is made of two cells
        r.text_.append(static_cast<char const*>(text), text == nullptr ? 0 : size);
        r.ends_.push_back(r.text_.size());
    }

    static void on_row(int, void* reading)
    {
        auto& r = *static_cast<Reading*>(reading);
        ++r.line_;
        r.since_row_ = 0;
        if (r.state_) r.state_ = r.take_row();
        r.text_.clear();
        r.ends_.clear();
    }

    [[nodiscard]] std::string here() const { return "line " + std::to_string(line_); }
    [[nodiscard]] tl::unexpected<Error> bad_quotes()
    {
        return fail(Errc::invalid_csv, std::string("the quotes do not fit: ") + csv_strerror(csv_error(&parser_)),
                    "line " + std::to_string(line_ + 1));
    }

    Result<Done> begin()
    {
        begun_ = true;
        if (head_ == byte_order_mark) return Done{};
        return parse(head_);
    }

    Result<Done> parse(std::string_view block)
    {
        constexpr std::size_t step = 64 * 1024;
        for (; !block.empty(); block.remove_prefix(std::min(step, block.size()))) {
            auto const part = block.substr(0, step);
            since_row_ += part.size();
            if (csv_parse(&parser_, part.data(), part.size(), on_cell, on_row, this) != part.size()) return bad_quotes();
            CHO_TRY_DO(state_);
            if (since_row_ > row_bytes_max + step) {
                return fail(Errc::invalid_csv, "the row is longer than 1 MiB: a line break or a closing quote is missing",
                            "line " + std::to_string(line_ + 1));
            }
        }
        return Done{};
    }

    Result<Done> take_row()
    {
        if (!is_valid_utf8(text_)) return fail(Errc::invalid_utf8, "the file is not UTF-8", here());
        if (text_.find('\0') != text_.npos) return fail(Errc::invalid_csv, "the file holds a zero byte", here());
        if (line_ == 1) return take_header();
        if (ends_.size() != columns_) {
            return fail(Errc::invalid_csv, "the row has " + std::to_string(ends_.size()) + " cells, the header " + std::to_string(columns_),
                        here());
        }
        return on_row_(Row(text_, ends_, places_, line_));
    }

    Result<Done> take_header()
    {
        columns_ = ends_.size();
        std::vector<std::string_view> names;
        for (std::size_t i = 0, begin = 0; i < ends_.size(); begin = ends_[i++] + 1)
            names.push_back(std::string_view(text_).substr(begin, ends_[i] - begin));
        for (auto const& column : wanted_) {
            auto const at = std::ranges::find(names, column);
            if (at == names.end()) return fail(Errc::invalid_csv, "the column " + column + " is missing", here());
            if (std::find(at + 1, names.end(), column) != names.end())
                return fail(Errc::invalid_csv, "the column " + column + " is there twice", here());
            places_.push_back(static_cast<std::size_t>(at - names.begin()));
        }
        return Done{};
    }

    std::vector<std::string> wanted_;
    OnRow on_row_;
    csv_parser parser_{};
    std::string head_;  // the first bytes, until it is known whether they are a byte order mark
    bool begun_ = false;
    std::string text_;  // the cells of the row, a ',' between
    std::vector<std::size_t> ends_;
    std::vector<std::size_t> places_;
    std::size_t columns_ = 0;
    std::size_t line_ = 0;
    std::size_t since_row_ = 0;
    Result<Done> state_ = Done{};
};

CsvRows::CsvRows(std::vector<std::string> wanted, OnRow on_row) : reading_(std::make_unique<Reading>(std::move(wanted), std::move(on_row)))
{
}
CsvRows::~CsvRows() = default;
CsvRows::CsvRows(CsvRows&&) noexcept = default;
CsvRows& CsvRows::operator=(CsvRows&&) noexcept = default;
Result<Done> CsvRows::feed(std::string_view block) { return reading_->feed(block); }
Result<Done> CsvRows::finish() { return reading_->finish(); }

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
