#include "etax/return_document.h"
#include "base/check.h"
#include "etax/obligations.h"
#include "etax/tax_code.h"
#include <algorithm>
#include <set>

namespace cho40::etax {
namespace {

constexpr std::string_view form_name = "01/CNKD";

Result<Done> check_taxpayer(Taxpayer& taxpayer)
{
    auto check = [](std::string& code, char const* at) -> Result<Done> {
        auto const read = check_tax_code(code);
        if (!read.valid) return fail(Errc::tax_code_invalid, explain(read), at);
        code = read.canonical;
        return Done{};
    };
    CHO_TRY_DO(check(taxpayer.tax_code, "/taxpayer/tax_code"));
    if (!taxpayer.old_tax_code.empty()) CHO_TRY_DO(check(taxpayer.old_tax_code, "/taxpayer/old_tax_code"));
    if (taxpayer.name.empty()) return fail(Errc::invalid_input, "the taxpayer needs a name", "/taxpayer/name");
    return Done{};
}

Result<Done> check_locations(ReturnInput const& input)
{
    if (input.locations.empty()) return fail(Errc::invalid_input, "a return needs at least one location", "/locations");
    std::set<std::string> codes;
    for (std::size_t i = 0; i < input.locations.size(); ++i) {
        auto const at = "/locations/" + std::to_string(i) + "/code";
        if (input.locations[i].code.empty()) return fail(Errc::invalid_input, "a location needs its code", at);
        if (!codes.insert(input.locations[i].code).second) return fail(Errc::invalid_input, "two locations have the same code", at);
    }
    for (auto const& line : input.figures.lines) {
        if (!codes.contains(line.location))
            return fail(Errc::invalid_input, "revenue of a location that is not listed: " + line.location, "/locations");
    }
    return Done{};
}

Result<Done> add_row(ReturnTotals& totals, TaxLine const& line)
{
    CHO_TRY(totals.revenue, add(totals.revenue, line.vat_revenue));
    CHO_TRY(totals.outside_vat, add(totals.outside_vat, line.outside_vat));
    CHO_TRY(totals.zero_rated, add(totals.zero_rated, line.zero_rated));
    CHO_TRY(totals.vat, add(totals.vat, line.vat));
    CHO_TRY(totals.pit_revenue, add(totals.pit_revenue, line.pit_revenue));
    CHO_TRY(totals.deducted, add(totals.deducted, line.deducted));
    CHO_TRY(totals.pit, add(totals.pit, line.pit));
    return Done{};
}

// Rows go to their location; a catch-up row of an earlier period may come from a place that was given up since.
Result<Done> place_rows(ReturnDocument& document, PeriodTax const& tax, FormTables const& forms)
{
    for (auto const& place : document.input.locations) document.locations.push_back({place, {}});
    for (auto const& line : tax.lines) {
        auto where = std::ranges::find_if(document.locations,
                                          [&](ReturnLocation const& l) { return l.place.code == line.activity.location; });
        if (where == document.locations.end()) where = document.locations.begin();
        CHO_TRY(auto row, forms.row(line.activity.group));
        CHO_TRY(auto vat, forms.subitem(row.vat_subitem));
        CHO_TRY(auto pit, forms.subitem(row.pit_subitem));
        CHO_TRY_DO(add_row(document.totals, line));
        where->rows.push_back({std::move(row), std::move(vat), std::move(pit), line});
    }
    std::erase_if(document.locations, [](ReturnLocation const& l) { return l.rows.empty(); });
    return Done{};
}

Dong filed_before(ReturnInput const& input, std::string const& location, std::string const& subitem)
{
    for (auto const& f : input.filed_before) {
        if (f.location == location && f.subitem == subitem) return f.amount;
    }
    return Dong();
}

// The sums of one location by sub-item, in the order VAT, PIT.
Result<Done> add_payments(ReturnDocument& document, ReturnLocation const& location)
{
    struct Sum {
        SubItem subitem;
        Dong amount;
    };
    std::vector<Sum> sums;
    auto put = [&sums](SubItem const& subitem, Dong amount) -> Result<Done> {
        auto found = std::ranges::find_if(sums, [&](Sum const& s) { return s.subitem.code == subitem.code; });
        if (found == sums.end()) found = sums.insert(sums.end(), {subitem, Dong()});
        CHO_TRY(found->amount, add(found->amount, amount));
        return Done{};
    };
    for (auto const& row : location.rows) CHO_TRY_DO(put(row.vat_subitem, row.tax.vat));
    for (auto const& row : location.rows) CHO_TRY_DO(put(row.pit_subitem, row.tax.pit));
    for (auto const& sum : sums) {
        CHO_TRY(auto const difference, subtract(sum.amount, filed_before(document.input, location.place.code, sum.subitem.code)));
        if (sum.amount.is_zero() && difference.is_zero()) continue;
        document.payments.push_back({location.place, sum.subitem, sum.amount, difference, document.due});
        CHO_TRY(document.to_pay, add(document.to_pay, sum.amount));
    }
    return Done{};
}

Result<Done> settle(ReturnDocument& document, RateBook const& rates)
{
    auto& totals = document.totals;
    CHO_TRY(auto const all, add(totals.vat, totals.pit));
    CHO_TRY(auto const payable, after_small_amount_rule(all, document.key.period.last_day(), rates));
    if (payable.exempt.is_positive()) {
        totals.exempt_vat = totals.vat;
        totals.exempt_pit = totals.pit;
        return Done{};
    }
    totals.payable_vat = totals.vat;
    totals.payable_pit = totals.pit;
    for (auto const& location : document.locations) CHO_TRY_DO(add_payments(document, location));
    CHO_CHECK(document.to_pay == payable.amount);
    return Done{};
}

}  // namespace

Result<ReturnDocument> prepare_return(ReturnInput input, RateBook const& rates, FormTables const& forms, WorkingDays const& calendar)
{
    auto const period = input.figures.period;
    if (period.kind() == PeriodKind::year) return fail(Errc::invalid_period, "01/CNKD is filed for a month or a quarter", "/period");
    if (input.number.number < 0 || (input.number.type == FilingType::official) != (input.number.number == 0)) {
        return fail(Errc::invalid_input, "the official return has number 0, corrections count from 1", "/number");
    }
    CHO_TRY_DO(check_taxpayer(input.taxpayer));
    CHO_TRY_DO(check_locations(input));
    CHO_TRY_DO(require_open(period, input.made_on, calendar));
    CHO_TRY(auto const version, rates.form_version(form_name, period.last_day()));
    CHO_TRY(auto form, forms.form(version.form, version.version));
    CHO_TRY(auto const tax, compute(input.figures, rates));
    if (!tax.file) return fail(Error(Errc::nothing_to_file, tax.why_en).vi(tax.why_vi));

    FilingKey key{input.taxpayer.tax_code, form.code, period, input.number};
    ReturnDocument document{std::move(form), std::move(key), std::move(input), due_day(period, calendar), {}, {}, {}, {}};
    CHO_TRY_DO(place_rows(document, tax, forms));
    CHO_TRY_DO(settle(document, rates));
    return document;
}

}  // namespace cho40::etax
