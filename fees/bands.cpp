#include "fees/bands.h"
#include "fees/row_reader.h"
#include "fees/unit.h"
#include <algorithm>

namespace cho40::fees {
namespace {

bool equal(Fraction a, Fraction b) { return !(a < b) && !(b < a); }

void read_table(RowReader& row, std::vector<BandTable>& tables)
{
    BandTable table;
    table.name = row.required("band_table");
    row.period("valid_from", "valid_to", table.from, table.to);
    table.cap = row.dong("cap_vnd");
    table.legal_basis = row.required("legal_basis");
    if (auto const& limit = row.text("free_up_to"); !limit.empty()) {
        auto const star = limit.find("*base_salary");
        auto const factor = star == limit.npos || limit.size() != star + 12 ? std::nullopt : parse_count(limit.substr(0, star));
        if (!factor || *factor < 1 || *factor > 1000) row.wrong("free_up_to", "must be N*base_salary");
        table.free_up_to_base_salaries = factor.value_or(0);
    }
    for (auto const& other : tables) {
        if (other.name == table.name && periods_overlap(other.from, other.to, table.from, table.to)) {
            row.wrong("valid_from", "overlaps another table of the same name");
        }
    }
    if (row.ok()) tables.push_back(std::move(table));
}

void read_band(RowReader& row, std::vector<BandTable>& tables)
{
    auto const name = row.required("band_table");
    auto const from_day = row.day("valid_from");
    auto const table = std::ranges::find_if(tables, [&](BandTable const& t) { return t.name == name && t.from == from_day; });
    if (table == tables.end()) {
        row.wrong("band_table", "band-tables.csv has no table " + name + " of that day");
        return;
    }
    auto const from = row.dong("from_vnd");
    auto const fixed = row.dong("fixed_vnd");
    auto const rate = row.count("rate_ppm");
    auto const over = row.dong("over_vnd");
    Band band{from.value_or(Dong()), row.dong("to_vnd"), fixed.value_or(Dong()), rate.value_or(0), over.value_or(Dong())};
    if (!from) row.wrong("from_vnd", "an amount is needed");
    if (!fixed) row.wrong("fixed_vnd", "an amount is needed");
    if (!rate || *rate > 1'000'000) row.wrong("rate_ppm", "0 to 1000000 parts per million are needed");
    if (!over) row.wrong("over_vnd", "an amount is needed");
    if (band.to && *band.to < band.from) row.wrong("to_vnd", "the band ends before it begins");
    if (band.from < band.over) row.wrong("over_vnd", "the band starts below the part it rates");

    auto const& joint = row.text("joint");
    if (table->bands.empty()) {
        if (joint != "first") row.wrong("joint", "the first band of a table is \"first\"");
    } else {
        auto const& below = table->bands.back();
        if (!below.to || below.to->count() + 1 != band.from.count()) {
            row.wrong("from_vnd", "must be one đồng above the end of the band below");
        } else if (joint == "continuous") {
            if (!equal(below.fee(*below.to), band.fee(*below.to)))
                row.wrong("fixed_vnd", "the band does not start where the one below ends");
        } else if (joint != "step") {
            row.wrong("joint", "must be continuous, or step where the act jumps");
        }
    }
    if (row.ok()) table->bands.push_back(band);
}

}  // namespace

Band const* BandTable::band_of(Dong value) const
{
    auto const it = std::ranges::find_if(bands, [&](Band const& b) { return b.from <= value && (!b.to || value <= *b.to); });
    return it == bands.end() ? nullptr : &*it;
}

std::optional<Fraction> BandTable::fee(Dong value) const
{
    auto const* band = band_of(value);
    if (!band) return std::nullopt;
    auto const fee = band->fee(value);
    return cap && Fraction(*cap) < fee ? Fraction(*cap) : fee;
}

Result<std::vector<BandTable>> read_band_tables(std::string_view tables_csv, std::string_view bands_csv)
{
    CHO_TRY(auto table_rows, CsvTable::parse(tables_csv, {"band_table", "valid_from", "valid_to", "cap_vnd", "free_up_to", "legal_basis"}));
    CHO_TRY(auto band_rows,
            CsvTable::parse(bands_csv, {"band_table", "valid_from", "from_vnd", "to_vnd", "fixed_vnd", "rate_ppm", "over_vnd", "joint"}));
    std::vector<BandTable> tables;
    std::vector<FieldError> mistakes;
    for (auto const& csv_row : table_rows.rows()) {
        RowReader row(csv_row, mistakes);
        read_table(row, tables);
    }
    if (!mistakes.empty()) return fail(as_error("band-tables.csv", std::move(mistakes)));
    for (auto const& csv_row : band_rows.rows()) {
        RowReader row(csv_row, mistakes);
        read_band(row, tables);
    }
    for (auto const& table : tables) {
        if (table.bands.empty() || table.bands.back().to) {
            mistakes.push_back({"table " + table.name, Errc::invalid_csv, "the last band must be open"});
        }
    }
    if (!mistakes.empty()) return fail(as_error("bands.csv", std::move(mistakes)));
    return tables;
}

}  // namespace cho40::fees
