#include "fees/quote.h"
#include "base/text.h"
#include "fees/row_reader.h"
#include <algorithm>
#include <set>

namespace cho40::fees {

Asks asks_of(Unit const& unit)
{
    Asks asks;
    if (auto const* thing = std::get_if<PerThing>(&unit)) asks.quantity = !thing->once_per_case;
    if (std::holds_alternative<PerPage>(unit)) asks.quantity = asks.pages = true;
    if (auto const* percent = std::get_if<PercentOf>(&unit)) asks.value = percent->ppm && *percent->ppm != 0;
    if (std::holds_alternative<ByBands>(unit)) asks.value = true;
    if (std::holds_alternative<InUsd>(unit)) asks.quantity = asks.exchange_rate = true;
    return asks;
}

Result<QuoteTotals> totals_of(std::span<AssessedLine const> lines)
{
    QuoteTotals totals;
    for (auto const& line : lines) {
        auto const& a = line.result;
        totals.payable_online = totals.payable_online && a.payable_online();
        auto& of_kind = a.kind == FeeKind::phi ? totals.phi : totals.le_phi;
        for (auto* sum : {&of_kind, &totals.all}) {
            if (!a.due) sum->reset();
            if (*sum) { CHO_TRY(*sum, add(**sum, *a.due)); }
        }
    }
    return totals;
}

std::vector<Rate const*> find_fees(FeeTables const& tables, std::string_view typed, Day day)
{
    auto const wanted = fold_for_search(typed);
    std::vector<Rate const*> found;
    for (auto const& rate : tables.rates()) {
        if (rate.kind == FeeKind::gia || !in_period(rate.from, rate.to, day)) continue;
        auto const text = fold_for_search(rate.procedure_code + ' ' + rate.procedure_name_vi + ' ' + rate.procedure_name_en + ' ' +
                                          rate.fee_code);
        if (text.find(wanted) != text.npos) found.push_back(&rate);
    }
    std::ranges::sort(found, [](Rate const* a, Rate const* b) {
        return std::tie(a->procedure_name_vi, a->fee_code, a->rate_id) < std::tie(b->procedure_name_vi, b->fee_code, b->rate_id);
    });
    return found;
}

std::vector<Audience const*> groups_that_matter(FeeTables const& tables, std::span<std::string const> fee_codes, Day day)
{
    std::set<std::string> keys;
    for (auto const& code : fee_codes) {
        for (auto const* rate : tables.rates_on(code, day)) {
            for (auto const& relief : rate->reliefs) {
                if (relief.in_force(day)) keys.insert(relief.audience.begin(), relief.audience.end());
            }
        }
    }
    std::vector<Audience const*> groups;
    for (auto const& key : keys) {
        auto const* audience = tables.audience(key);
        if (audience && audience->decided_by != "channel" && key != "see_circular") groups.push_back(audience);
    }
    return groups;
}

}  // namespace cho40::fees
