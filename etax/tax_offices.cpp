#include "etax/tax_offices.h"
#include "base/csv.h"
#include "embedded/etax.h"

namespace cho40::etax {
namespace {

struct OfficeRow {
    Validity validity;
    std::string ward_code;
    Office office;
};

Result<std::vector<OfficeRow>> read_rows(std::string_view csv)
{
    CHO_TRY(auto const table, CsvTable::parse(csv, {"from", "to", "ward_code", "code", "name"}));
    std::vector<OfficeRow> rows;
    for (auto const& r : table.rows()) {
        OfficeRow row{{}, r["ward_code"], {r["code"], r["name"]}};
        CHO_TRY(row.validity.from, Day::parse(r["from"]));
        if (!r["to"].empty()) { CHO_TRY(row.validity.to, Day::parse(r["to"])); }
        rows.push_back(std::move(row));
    }
    return rows;
}

}  // namespace

Result<Office> tax_office_of(std::string_view ward_code, Day day)
{
    static Result<std::vector<OfficeRow>> const rows = read_rows(embedded::tax_offices_csv);
    if (!rows) return tl::unexpected<Error>(rows.error());
    for (std::string_view const wanted : {ward_code, std::string_view("*")}) {
        for (auto const& row : *rows) {
            if (row.ward_code == wanted && row.validity.covers(day)) return row.office;
        }
    }
    return fail(Errc::invalid_config, "no tax office governs on " + day.to_string());
}

}  // namespace cho40::etax
