#include "fees/assess.h"
#include "fees/assess_base.h"
#include "fees/explain.h"
#include <algorithm>
#include <array>

namespace cho40::fees {
namespace {

constexpr std::int64_t amount_max = 9'999'999'999'999;  // 13 digits, the most a payment carries

Result<Done> check_bounds(AssessmentRequest const& r)
{
    Error error(Errc::validation_failed, "the request for a fee is not valid");
    auto const check = [&](bool good, char const* pointer, char const* detail) {
        if (!good) error.fields.push_back({pointer, Errc::validation_failed, detail});
    };
    auto const amount = [](std::optional<Dong> a) { return !a || (a->count() >= 0 && a->count() <= amount_max); };
    check(r.quantity_milli >= 0 && r.quantity_milli <= 1'000'000'000, "/quantity", "0 to 1000000, at most three decimals");
    check(r.cases >= 1 && r.cases <= 1'000'000, "/cases", "1 to 1000000");
    check(r.pages >= 1 && r.pages <= 1'000'000, "/pages", "1 to 1000000");
    check(r.copies >= 1 && r.copies <= 1'000'000, "/copies", "1 to 1000000");
    check(amount(r.value), "/value", "0 to 9999999999999 đồng");
    check(amount(r.value_paid_before), "/value_paid_before", "0 to 9999999999999 đồng");
    check(!r.vnd_per_usd || (r.vnd_per_usd->count() >= 1 && r.vnd_per_usd->count() <= 1'000'000), "/vnd_per_usd", "1 to 1000000 đồng");
    if (error.fields.empty()) return Done{};
    error.detail = error.fields.front().detail;
    error.pointer = error.fields.front().pointer;
    return fail(std::move(error));
}

// Whether a relief is for this payer, this way and this day. `online` is a way; the others are groups, some of which
// count only for cases filed in a certain way (NQ 66.22).
ReliefOutcome::Verdict fit(FeeTables const& tables, Relief const& relief, AssessmentRequest const& request)
{
    using enum ReliefOutcome::Verdict;
    if (!relief.in_force(request.day)) return not_in_force;
    if (relief.audience.empty()) return used;
    auto verdict = other_people;
    for (auto const& key : relief.audience) {
        auto const* audience = tables.audience(key);
        bool const belongs = (audience && audience->decided_by == "channel") ||
                             std::ranges::find(request.personas, key) != request.personas.end();
        if (!belongs) continue;
        if (audience && audience->channel && *audience->channel != request.channel) verdict = other_channel;
        else return used;
    }
    return verdict;
}

Fraction priced(Relief const& relief, Fraction base)
{
    switch (relief.kind) {
    case ReliefKind::pct: return base.times(relief.value, 100);
    case ReliefKind::off: return base.times(100 - relief.value, 100);
    case ReliefKind::free: return Fraction();
    case ReliefKind::cap:
    case ReliefKind::min: break;  // bounds, applied after the best price is found
    }
    return base;
}

// MIN and CAP of the row bound the best price (fees.md §2.3).
Fraction bounded(std::vector<ReliefOutcome> const& outcomes, Fraction amount)
{
    for (auto const& o : outcomes) {
        if (o.verdict != ReliefOutcome::Verdict::used) continue;
        auto const bound = Fraction(Dong(o.relief.value));
        if (o.relief.kind == ReliefKind::min && amount < bound) amount = bound;
        if (o.relief.kind == ReliefKind::cap && bound < amount) amount = bound;
    }
    return amount;
}

bool is_price(Relief const& relief) { return relief.kind != ReliefKind::cap && relief.kind != ReliefKind::min; }

// The best price among the reliefs that fit, and each relief's verdict. Without a known base only "free" gives a price.
Result<std::optional<Dong>> choose(Assessment& a, std::optional<Fraction> base, std::int64_t step)
{
    ReliefOutcome* best = nullptr;
    std::optional<Fraction> best_price = base;
    for (auto& o : a.reliefs) {
        if (o.verdict != ReliefOutcome::Verdict::used || !is_price(o.relief)) continue;
        if (!base && o.relief.kind != ReliefKind::free) {
            o.verdict = ReliefOutcome::Verdict::not_better;
            continue;
        }
        auto const price = priced(o.relief, base.value_or(Fraction()));
        CHO_TRY(auto rounded, price.round_half_up(step));
        o.due = rounded;
        if (!best_price || price < *best_price) {
            if (best) best->verdict = ReliefOutcome::Verdict::not_better;
            best = &o;
            best_price = price;
        } else {
            o.verdict = best ? ReliefOutcome::Verdict::not_better : ReliefOutcome::Verdict::no_effect;
        }
    }
    if (!best_price) return std::optional<Dong>();
    if (best && !best->relief.condition.empty()) a.open_condition = best->relief.condition;
    CHO_TRY(auto due, bounded(a.reliefs, *best_price).round_half_up(step));
    return std::optional<Dong>(due);
}

Assessment head_of(Rate const& rate, AssessmentRequest const& request)
{
    Assessment a{};
    a.fee_code = rate.fee_code;
    a.rate_id = rate.rate_id;
    a.kind = rate.kind;
    a.name_vi = rate.procedure_name_vi;
    a.name_en = rate.procedure_name_en;
    a.budget_subitem = rate.budget_subitem;
    a.subitem_inferred = rate.subitem_inferred;
    a.legal_basis = rate.legal_basis;
    a.confidence = rate.confidence.text;
    a.day = request.day;
    a.channel = request.channel;
    return a;
}

void explain(FeeTables const& tables, Assessment& a)
{
    a.explanation_vi = explain_vi(tables, a);
    a.explanation_en = explain_en(tables, a);
}

}  // namespace

std::string_view knowledge_name(Knowledge knowledge)
{
    constexpr std::array<std::string_view, 3> names = {"known", "known_free", "unknown"};
    return names[static_cast<std::size_t>(knowledge)];
}

std::string_view unknown_because_name(UnknownBecause reason)
{
    constexpr std::array<std::string_view, 12> names = {
        "",           "no_rate_on_day",       "amount_not_found", "other_province",        "set_locally",         "see_circular",
        "range_only", "percentage_not_known", "value_missing",    "exchange_rate_missing", "value_outside_bands", "free_limit_uncertain"};
    return names[static_cast<std::size_t>(reason)];
}

std::string_view verdict_name(ReliefOutcome::Verdict verdict)
{
    constexpr std::array<std::string_view, 6> names = {"used", "not_better", "no_effect", "not_in_force", "other_people", "other_channel"};
    return names[static_cast<std::size_t>(verdict)];
}

ReliefOutcome const* Assessment::relief_used() const
{
    auto const it = std::ranges::find_if(
        reliefs, [](ReliefOutcome const& o) { return o.verdict == ReliefOutcome::Verdict::used && is_price(o.relief); });
    return it == reliefs.end() ? nullptr : &*it;
}

Result<Assessment> assess(FeeTables const& tables, AssessmentRequest const& request)
{
    CHO_TRY_DO(check_bounds(request));
    auto const* any = tables.any_rate(request.fee_code);
    if (!any)
        return fail(Error(Errc::fee_unknown, "there is no fee " + request.fee_code + " in the schedule", "/fee_code")
                        .vi("Biểu mức thu không có khoản " + request.fee_code + "."));
    if (any->kind == FeeKind::gia) {
        return fail(
            Error(Errc::not_a_fee, request.fee_code + " is a price, not a fee or charge: it is invoiced with VAT and has no receipt",
                  "/fee_code")
                .vi(any->procedure_name_vi + " là giá dịch vụ, không phải phí hay lệ phí: xuất hóa đơn có thuế GTGT, không lập biên lai."));
    }
    auto const rates = tables.rates_on(request.fee_code, request.day);
    if (rates.size() > 1) {
        return fail(Errc::fee_rate_ambiguous,
                    "two rates of " + request.fee_code + " hold on " + request.day.to_string() + ": " + rates[0]->rate_id + " and " +
                        rates[1]->rate_id,
                    "/fee_code");
    }
    if (rates.empty()) {
        auto a = head_of(*any, request);
        a.rate_id.clear();
        a.unknown_because = UnknownBecause::no_rate_on_day;
        explain(tables, a);
        return a;
    }

    auto const& rate = *rates.front();
    auto a = head_of(rate, request);
    for (auto const& relief : rate.reliefs) a.reliefs.push_back({relief, fit(tables, relief, request), {}});
    auto const base = base_of(tables, rate, request);
    a.working = base.working;
    a.unknown_because = base.unknown_because;
    auto const step = tables.rounding_step(rate.fee_code, request.day);
    if (base.amount) { CHO_TRY(a.base, base.amount->round_half_up(step)); }
    // Another province's tariff proves nothing here, not even that somebody is free.
    if (base.unknown_because == UnknownBecause::other_province) {
        for (auto& o : a.reliefs) {
            if (o.verdict == ReliefOutcome::Verdict::used) o.verdict = ReliefOutcome::Verdict::no_effect;
        }
    } else {
        CHO_TRY(a.due, choose(a, base.amount, step));
    }
    if (a.due) {
        a.knowledge = a.due->is_zero() ? Knowledge::known_free : Knowledge::known;
        a.unknown_because = UnknownBecause::nothing;
    }
    if (request.conditions_confirmed) a.open_condition.clear();
    explain(tables, a);
    return a;
}

Result<std::optional<std::string>> parse_persona(FeeTables const& tables, std::string_view text)
{
    std::string key(text);
    std::ranges::replace(key, '-', '_');
    if (key.empty() || key == "ordinary" || key == "standard" || key == "none") return std::optional<std::string>();
    if (tables.audience(key)) return std::optional(std::move(key));
    std::string known;
    for (auto const& [name, audience] : tables.audiences()) known += (known.empty() ? "" : ", ") + name;
    return fail(Errc::validation_failed, "\"" + std::string(text) + "\" is not a group of payers; known: ordinary, " + known, "/persona");
}

}  // namespace cho40::fees
