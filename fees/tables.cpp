#include "fees/tables.h"
#include "embedded/fees.h"
#include "fees/row_reader.h"
#include <algorithm>

namespace cho40::fees {
namespace {

template <class Map>
typename Map::mapped_type const* find(Map const& map, std::string_view key)
{
    auto const it = map.find(key);
    return it == map.end() ? nullptr : &it->second;
}

}  // namespace

Result<FeeTables> FeeTables::embedded() { return with_schedule(embedded::fee_schedule_csv); }

std::string_view FeeTables::embedded_schedule() { return embedded::fee_schedule_csv; }

Result<FeeTables> FeeTables::with_schedule(std::string_view schedule_csv)
{
    FeeTables tables;
    CHO_TRY(tables.audiences_, read_audiences(embedded::audiences_csv));
    CHO_TRY(tables.acts_, read_acts(embedded::acts_csv));
    CHO_TRY(tables.subitems_, read_budget_subitems(embedded::budget_subitems_csv));
    CHO_TRY(tables.references_, read_reference_values(embedded::reference_values_csv));
    CHO_TRY(tables.things_, read_counted_things(embedded::units_csv));
    CHO_TRY(tables.rounding_, read_rounding(embedded::rounding_csv));
    CHO_TRY(tables.band_tables_, read_band_tables(embedded::band_tables_csv, embedded::bands_csv));
    CHO_TRY(auto reading, read_schedule(schedule_csv, tables.subitems_, tables.audiences_, tables.acts_));
    for (auto const& rate : reading.rates) {
        auto const* bands = std::get_if<ByBands>(&rate.unit);
        if (bands && std::ranges::none_of(tables.band_tables_, [&](BandTable const& t) { return t.name == bands->table; })) {
            reading.mistakes.push_back(
                {"line " + std::to_string(rate.line) + ", column unit", Errc::invalid_csv, "there is no band table " + bands->table});
        }
    }
    if (!reading.mistakes.empty()) return fail(as_error("fee schedule", std::move(reading.mistakes)));
    tables.rates_ = std::move(reading.rates);
    return tables;
}

bool FeeTables::knows(std::string_view fee_code) const { return any_rate(fee_code) != nullptr; }

std::vector<Rate const*> FeeTables::rates_on(std::string_view fee_code, Day day) const
{
    std::vector<Rate const*> found;
    for (auto const& rate : rates_) {
        if (rate.fee_code == fee_code && in_period(rate.from, rate.to, day)) found.push_back(&rate);
    }
    return found;
}

Rate const* FeeTables::any_rate(std::string_view fee_code) const
{
    auto const it = std::ranges::find(rates_, fee_code, &Rate::fee_code);
    return it == rates_.end() ? nullptr : &*it;
}

BandTable const* FeeTables::band_table(std::string_view name, Day day) const
{
    auto const it = std::ranges::find_if(band_tables_, [&](BandTable const& t) { return t.name == name && in_period(t.from, t.to, day); });
    return it == band_tables_.end() ? nullptr : &*it;
}

Audience const* FeeTables::audience(std::string_view key) const { return find(audiences_, key); }
CountedThing const* FeeTables::counted_thing(std::string_view key) const { return find(things_, key); }
Act const* FeeTables::act(std::string_view key) const { return find(acts_, key); }
BudgetSubitem const* FeeTables::budget_subitem(std::string_view code) const { return find(subitems_, code); }

std::int64_t FeeTables::rounding_step(std::string_view fee_code, Day day) const
{
    auto const it = std::ranges::find_if(rounding_,
                                         [&](Rounding const& r) { return r.fee_code == fee_code && in_period(r.from, r.to, day); });
    return it == rounding_.end() ? 1 : it->step_vnd;
}

std::optional<FeeTables::Reference> FeeTables::reference(std::string_view name, Day day) const
{
    ReferenceValue const* newest = nullptr;
    for (auto const& value : references_) {
        if (value.name != name || (value.from && *value.from > day)) continue;
        if (in_period(value.from, value.to, day)) return Reference{value.value, true};
        if (!newest || newest->from < value.from) newest = &value;
    }
    if (!newest) return std::nullopt;
    return Reference{newest->value, false};
}

}  // namespace cho40::fees
