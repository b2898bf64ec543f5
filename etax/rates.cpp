#include "etax/rates.h"
#include "embedded/etax.h"
#include <algorithm>
#include <set>

namespace cho40::etax {
namespace {

constexpr int hundred_percent_bp = 10000;

tl::unexpected<Error> wrong(std::string const& id, std::string const& what)
{
    return fail(Errc::invalid_config, "tax rates, row " + id + ": " + what, "/" + id);
}

Result<Done> check_days(std::string const& id, Validity const& validity)
{
    if (validity.to && *validity.to < validity.from) return wrong(id, "ends before it begins");
    return Done{};
}

Result<Done> check_ids(RateTables const& tables)
{
    std::set<std::string> ids;
    auto add = [&ids](std::string const& id) { return !id.empty() && ids.insert(id).second; };
    for (auto const& t : tables.thresholds)
        if (!add(t.id)) return wrong(t.id, "its id is empty or used twice");
    for (auto const& r : tables.rates)
        if (!add(r.id)) return wrong(r.id, "its id is empty or used twice");
    for (auto const& c : tables.vat_cuts)
        if (!add(c.id)) return wrong(c.id, "its id is empty or used twice");
    return Done{};
}

Result<Done> check_thresholds(RateTables const& tables)
{
    for (auto const& t : tables.thresholds) {
        CHO_TRY_DO(check_days(t.id, t.validity));
        if (!t.amount.is_positive()) return wrong(t.id, "the amount must be positive");
    }
    return Done{};
}

Result<Done> check_rates(RateTables const& tables)
{
    for (auto const& r : tables.rates) {
        CHO_TRY_DO(check_days(r.id, r.validity));
        for (int bp : {r.vat_bp, r.pit_bp}) {
            if (bp < 0 || bp > hundred_percent_bp) return wrong(r.id, "a percentage lies outside 0 to 100 %");
        }
        // A rate that measures against a threshold no law knows is a typing mistake.
        bool const known = std::ranges::any_of(tables.thresholds, [&r](Threshold const& t) {
            return t.kind == ThresholdKind::vat_and_pit_exempt && t.operative && t.amount == r.threshold &&
                   t.validity.covers(r.validity.from);
        });
        if (!known) return wrong(r.id, "its threshold is not an operative threshold of that time");
        for (auto const& other : tables.rates) {
            if (&other != &r && other.group == r.group && other.validity.overlaps(r.validity)) {
                return wrong(r.id, "overlaps " + other.id + " of the same group");
            }
        }
    }
    return Done{};
}

Result<Done> check_cuts(RateTables const& tables)
{
    for (auto const& c : tables.vat_cuts) {
        CHO_TRY_DO(check_days(c.id, c.validity));
        if (c.multiplier_pct < 1 || c.multiplier_pct > 100) return wrong(c.id, "the multiplier lies outside 1 to 100 %");
        for (auto const& other : tables.vat_cuts) {
            if (&other != &c && other.validity.overlaps(c.validity)) return wrong(c.id, "overlaps " + other.id);
        }
    }
    return Done{};
}

Result<Done> check_brackets(RateTables const& tables)
{
    auto const& brackets = tables.income_brackets;
    for (std::size_t i = 0; i < brackets.size(); ++i) {
        auto const& b = brackets[i];
        if (b.rate_bp < 0 || b.rate_bp > hundred_percent_bp) return wrong(tables.income_rule_id, "a percentage lies outside 0 to 100 %");
        bool const last = i + 1 == brackets.size();
        if (last != !b.up_to) return wrong(tables.income_rule_id, "only the last bracket is open upwards");
        if (!last && (*b.up_to <= b.above || brackets[i + 1].above != *b.up_to)) {
            return wrong(tables.income_rule_id, "the brackets do not join");
        }
    }
    return Done{};
}

Result<Done> check_forms(RateTables const& tables)
{
    for (auto const& f : tables.form_versions) {
        CHO_TRY_DO(check_days(f.form, f.validity));
        for (auto const& other : tables.form_versions) {
            if (&other != &f && other.form == f.form && other.validity.overlaps(f.validity)) {
                return wrong(f.form, "versions " + f.version + " and " + other.version + " overlap");
            }
        }
    }
    return Done{};
}

}  // namespace

Result<RateBook> RateBook::make(RateTables tables)
{
    CHO_TRY_DO(check_ids(tables));
    CHO_TRY_DO(check_thresholds(tables));
    CHO_TRY_DO(check_rates(tables));
    CHO_TRY_DO(check_cuts(tables));
    CHO_TRY_DO(check_brackets(tables));
    CHO_TRY_DO(check_forms(tables));
    if (tables.late_ppm_per_day < 0 || tables.late_ppm_per_day > 1'000'000)
        return wrong("late_payment", "the rate lies outside 0 to 100 % a day");
    return RateBook(std::move(tables));
}

Result<Rate> RateBook::rate(std::string_view group, Day day) const
{
    bool ever = false;
    for (auto const& r : tables_.rates) {
        if (r.group != group) continue;
        if (r.validity.covers(day)) return r;
        ever = true;
    }
    if (ever) { return fail(Errc::rate_missing, "activity group " + std::string(group) + " has no rate on " + day.to_string()); }
    return fail(Errc::tax_group_unknown, "no activity group \"" + std::string(group.substr(0, 20)) + "\"");
}

Result<Threshold> RateBook::threshold(ThresholdKind kind, Day day, std::optional<Day> known_on) const
{
    Threshold const* best = nullptr;
    for (auto const& t : tables_.thresholds) {
        if (t.kind != kind || !t.validity.covers(day)) continue;
        if (known_on ? t.issued_on && *t.issued_on > *known_on : !t.operative) continue;
        // Of several that govern the day the youngest text wins; an unknown day of issue is the oldest.
        if (!best || (t.issued_on && (!best->issued_on || *t.issued_on > *best->issued_on))) best = &t;
    }
    if (!best) return fail(Errc::rate_missing, "no threshold of this kind governs " + day.to_string());
    return *best;
}

std::optional<VatCut> RateBook::vat_cut(Day day) const
{
    auto const found = std::ranges::find_if(tables_.vat_cuts, [day](VatCut const& c) { return c.validity.covers(day); });
    if (found == tables_.vat_cuts.end()) return std::nullopt;
    return *found;
}

Result<IncomeBracket> RateBook::income_bracket(Dong year_revenue, Day day) const
{
    if (day < tables_.income_from) return fail(Errc::rate_missing, "tax on income did not exist on " + day.to_string());
    for (auto const& b : tables_.income_brackets) {
        if (year_revenue > b.above && (!b.up_to || year_revenue <= *b.up_to)) return b;
    }
    return fail(Errc::rate_missing, "no income bracket holds a revenue of this size");
}

Result<FormVersion> RateBook::form_version(std::string_view form, Day period_end) const
{
    for (auto const& f : tables_.form_versions) {
        if (f.form == form && f.validity.covers(period_end)) return f;
    }
    return fail(Errc::form_version_missing,
                "form " + std::string(form.substr(0, 20)) + " has no version for a period that ends on " + period_end.to_string());
}

std::string RateBook::budget_name(std::string_view code) const
{
    for (auto const& b : tables_.budget_codes) {
        if (b.code == code) return b.name_vi;
    }
    return {};
}

std::string_view embedded_rate_file() { return embedded::tax_rates_json; }

}  // namespace cho40::etax
