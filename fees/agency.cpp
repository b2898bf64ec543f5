#include "fees/agency.h"
#include "embedded/fees.h"
#include "fees/receipt_series.h"
#include "fees/row_reader.h"
#include <algorithm>

namespace cho40::fees {
namespace {

std::string digits(RowReader& row, std::string_view column, std::size_t min, std::size_t max)
{
    auto text = row.text(column);
    if (text.size() < min || text.size() > max || text.find_first_not_of("0123456789") != std::string::npos) {
        row.wrong(column, "must be " + std::to_string(min) + (min == max ? "" : " to " + std::to_string(max)) + " digits");
    }
    return text;
}

std::string letters(RowReader& row, std::string_view column)
{
    auto text = row.text(column);
    if (!are_symbol_letters(text)) row.wrong(column, "must be two of A B C D E G H K L M N P Q R S T U V X Y");
    return text;
}

bool is_agency_code(std::string_view text)
{
    return text.size() >= 3 && text.size() <= 24 && text.front() != '.' && text.back() != '.' &&
           std::ranges::all_of(text, [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.'; });
}

void read_agency(RowReader& row, std::vector<Agency>& agencies)
{
    Agency a{};
    a.code = row.required("agency_code");
    if (!is_agency_code(a.code)) row.wrong("agency_code", "must be like H49.61");
    if (std::ranges::find(agencies, a.code, &Agency::code) != agencies.end()) row.wrong("agency_code", "is in the file twice");
    a.name_vi = row.required("name_vi");
    a.name_en = row.required("name_en");
    a.address = row.required("address");
    a.phone = digits(row, "phone", 8, 12);
    a.tax_code = digits(row, "tax_code", 10, 10);
    a.keys = {digits(row, "chapter", 3, 3), digits(row, "area_code", 5, 5), digits(row, "collecting_office", 7, 7),
              digits(row, "treasury_code", 4, 4), row.required("treasury_account")};
    a.bank_bin = digits(row, "bank_bin", 6, 6);
    a.account_number = digits(row, "account_number", 6, 19);
    a.account_name = row.required("account_name");
    a.letters_phi = letters(row, "letters_phi");
    a.letters_le_phi = letters(row, "letters_le_phi");
    if (a.letters_phi == a.letters_le_phi) row.wrong("letters_le_phi", "fees and charges need series of their own");
    auto const& order = row.text("pay_order");
    if (order != "before" && order != "after") row.wrong("pay_order", "must be before or after");
    a.pay_order = order == "after" ? PayOrder::after : PayOrder::before;
    if (row.ok()) agencies.push_back(std::move(a));
}

void read_collection(RowReader& row, std::vector<Agency> const& agencies, std::vector<Collection>& collections)
{
    Collection c{row.required("agency_code"), row.required("fee_code"), {}, {}, {}};
    if (std::ranges::find(agencies, c.agency_code, &Agency::code) == agencies.end()) row.wrong("agency_code", "is not in agencies.csv");
    if (auto const percent = row.count("retained_percent")) {
        if (*percent > 100) row.wrong("retained_percent", "must be 0 to 100");
        else c.retained_percent = static_cast<int>(*percent);
    }
    row.period("valid_from", "valid_to", c.from, c.to);
    for (auto const& other : collections) {
        if (other.agency_code == c.agency_code && other.fee_code == c.fee_code && periods_overlap(other.from, other.to, c.from, c.to)) {
            row.wrong("valid_from", "overlaps another row of the same agency and fee");
        }
    }
    if (row.ok()) collections.push_back(std::move(c));
}

}  // namespace

Result<Agencies> Agencies::embedded() { return read(embedded::agencies_csv, embedded::collections_csv); }

Result<Agencies> Agencies::read(std::string_view agencies_csv, std::string_view collections_csv)
{
    CHO_TRY(auto agency_rows,
            CsvTable::parse(agencies_csv, {"agency_code", "name_vi", "name_en", "address", "phone", "tax_code", "chapter", "area_code",
                                           "collecting_office", "treasury_code", "treasury_account", "bank_bin", "account_number",
                                           "account_name", "letters_phi", "letters_le_phi", "pay_order"}));
    CHO_TRY(auto collection_rows,
            CsvTable::parse(collections_csv, {"agency_code", "fee_code", "retained_percent", "valid_from", "valid_to"}));
    Agencies result;
    std::vector<FieldError> mistakes;
    for (auto const& csv_row : agency_rows.rows()) {
        RowReader row(csv_row, mistakes);
        read_agency(row, result.agencies_);
    }
    if (!mistakes.empty()) return fail(as_error("agencies.csv", std::move(mistakes)));
    for (auto const& csv_row : collection_rows.rows()) {
        RowReader row(csv_row, mistakes);
        read_collection(row, result.agencies_, result.collections_);
    }
    if (!mistakes.empty()) return fail(as_error("collections.csv", std::move(mistakes)));
    return result;
}

Agency const* Agencies::find(std::string_view code) const
{
    auto const it = std::ranges::find(agencies_, code, &Agency::code);
    return it == agencies_.end() ? nullptr : &*it;
}

Collection const* Agencies::collection(std::string_view agency_code, std::string_view fee_code, Day day) const
{
    auto const it = std::ranges::find_if(collections_, [&](Collection const& c) {
        return c.agency_code == agency_code && c.fee_code == fee_code && in_period(c.from, c.to, day);
    });
    return it == collections_.end() ? nullptr : &*it;
}

}  // namespace cho40::fees
