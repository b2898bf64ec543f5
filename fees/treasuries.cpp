#include "fees/treasuries.h"
#include "embedded/fees.h"
#include "fees/row_reader.h"

namespace cho40::fees {
namespace {

void require_digits(RowReader& row, std::string_view column, std::string const& text, std::size_t count)
{
    if (text.size() != count || text.find_first_not_of("0123456789") != text.npos)
        row.wrong(column, "must be " + std::to_string(count) + " digits");
}

void read_row(RowReader& row, std::vector<Treasury>& rows)
{
    Treasury t;
    t.code = row.text("treasury_code");
    require_digits(row, "treasury_code", t.code, 4);
    t.name_vi = row.required("name_vi");
    t.name_en = row.required("name_en");
    t.bank_bin = row.text("bank_bin");
    require_digits(row, "bank_bin", t.bank_bin, 6);
    row.period("valid_from", "valid_to", t.from, t.to);
    for (auto const& other : rows) {
        if (other.code == t.code && periods_overlap(other.from, other.to, t.from, t.to))
            row.wrong("valid_from", "overlaps another row of the same treasury");
    }
    if (row.ok()) rows.push_back(std::move(t));
}

}  // namespace

Result<Treasuries> Treasuries::embedded() { return read(embedded::treasuries_csv); }

Result<Treasuries> Treasuries::read(std::string_view csv)
{
    CHO_TRY(auto const table, CsvTable::parse(csv, {"treasury_code", "name_vi", "name_en", "bank_bin", "valid_from", "valid_to"}));
    Treasuries out;
    std::vector<FieldError> mistakes;
    for (auto const& cells : table.rows()) {
        RowReader row(cells, mistakes);
        read_row(row, out.rows_);
    }
    if (!mistakes.empty()) return fail(as_error("treasuries.csv", std::move(mistakes)));
    return out;
}

Treasury const* Treasuries::find(std::string_view code, Day day) const
{
    for (auto const& row : rows_) {
        if (row.code == code && in_period(row.from, row.to, day)) return &row;
    }
    return nullptr;
}

}  // namespace cho40::fees
