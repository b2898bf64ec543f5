#include "fees/assess_base.h"
#include "base/text.h"
#include <algorithm>

namespace cho40::fees {
namespace {

std::string money(Dong amount) { return dong_text(amount.count()); }

Base not_known(UnknownBecause reason) { return {std::nullopt, reason, {}}; }

// 120500 -> "120,5", the Vietnamese way.
std::string quantity_text(std::int64_t milli)
{
    auto text = std::to_string(milli / 1000);
    if (auto const rest = milli % 1000; rest != 0) {
        auto decimals = std::to_string(1000 + rest).substr(1);
        decimals.erase(decimals.find_last_not_of('0') + 1);
        text += ',' + decimals;
    }
    return text;
}

// 1500 -> "0,15%".
std::string percent_text(std::int64_t ppm)
{
    auto text = std::to_string(ppm / 10'000);
    if (auto const rest = ppm % 10'000; rest != 0) {
        auto decimals = std::to_string(10'000 + rest).substr(1);
        decimals.erase(decimals.find_last_not_of('0') + 1);
        text += ',' + decimals;
    }
    return text + '%';
}

struct BaseOf {
    FeeTables const& tables;
    Rate const& rate;
    AssessmentRequest const& request;

    // The price of one thing: the act's own online price where it names one.
    [[nodiscard]] std::optional<Dong> price() const
    {
        return request.channel == Channel::online && rate.online_amount ? rate.online_amount : rate.amount;
    }

    Base operator()(PerThing const& unit) const
    {
        auto const one = price();
        if (!one) return not_known(UnknownBecause::amount_not_found);
        auto milli = unit.once_per_case ? request.cases * 1000 : request.quantity_milli;
        milli = std::max<std::int64_t>(0, milli - (unit.first_charged - 1) * 1000);
        Base base{Fraction(*one).times(milli, 1000), {}, {}};
        if (milli != 1000) base.working = quantity_text(milli) + " × " + money(*one);
        return base;
    }

    Base operator()(PerPage const& unit) const
    {
        auto const one = price();
        if (!one) return not_known(UnknownBecause::amount_not_found);
        std::string working;
        Fraction::Wide tiered = 0;
        for (auto const& tier : unit.tiers) {
            auto const pages = std::min(request.pages, tier.last) - tier.first + 1;
            if (pages <= 0) continue;
            tiered += Fraction::Wide(pages) * tier.price.count();
            working += (working.empty() ? "" : " + ") + std::to_string(pages) + " × " + money(tier.price);
        }
        if (unit.cap_per_copy && tiered > unit.cap_per_copy->count()) {
            tiered = unit.cap_per_copy->count();
            working = "min(" + working + "; " + money(*unit.cap_per_copy) + ")";
        }
        auto const tiered_copies = request.copies - (unit.tiers_from_second_copy ? 1 : 0);
        auto total = tiered * tiered_copies;
        if (tiered_copies != 1) working = std::to_string(tiered_copies) + " × (" + working + ")";
        if (unit.tiers_from_second_copy) {
            total += Fraction::Wide(request.pages) * one->count();
            auto const first_copy = std::to_string(request.pages) + " × " + money(*one);
            working = tiered_copies == 0 ? first_copy : first_copy + " + " + working;
        }
        return {Fraction(total, 1), {}, working};
    }

    Base operator()(InUsd const& unit) const
    {
        if (!request.vnd_per_usd) return not_known(UnknownBecause::exchange_rate_missing);
        auto working = std::to_string(unit.dollars) + " USD × " + money(*request.vnd_per_usd);
        Base base{Fraction(*request.vnd_per_usd).times(unit.dollars, 1).times(request.quantity_milli, 1000), {}, {}};
        if (request.quantity_milli != 1000) working = quantity_text(request.quantity_milli) + " × " + working;
        base.working = std::move(working);
        return base;
    }

    Base operator()(Between const&) const { return not_known(UnknownBecause::range_only); }
    Base operator()(SetLocally const&) const { return not_known(UnknownBecause::set_locally); }
    Base operator()(SeeCircular const&) const { return not_known(UnknownBecause::see_circular); }

    Base operator()(PercentOf const& unit) const
    {
        if (!unit.ppm) return not_known(UnknownBecause::percentage_not_known);
        if (*unit.ppm == 0) return {Fraction(), {}, "0%"};
        if (!request.value) return not_known(UnknownBecause::value_missing);
        Base base{Fraction(*request.value).times(*unit.ppm, 1'000'000), {}, percent_text(*unit.ppm) + " × " + money(*request.value)};
        if (unit.min && *base.amount < Fraction(*unit.min)) {
            base.amount = Fraction(*unit.min);
            base.working = "max(" + base.working + "; " + money(*unit.min) + ")";
        }
        if (unit.max && Fraction(*unit.max) < *base.amount) {
            base.amount = Fraction(*unit.max);
            base.working = "min(" + base.working + "; " + money(*unit.max) + ")";
        }
        return base;
    }

    Base operator()(ByBands const& unit) const
    {
        if (!request.value) return not_known(UnknownBecause::value_missing);
        auto const* table = tables.band_table(unit.table, request.day);
        if (!table) return not_known(UnknownBecause::no_rate_on_day);
        // Paid in parts, the parts add up to the fee of the whole (TT 216/2016 art. 4).
        auto const before = request.value_paid_before.value_or(Dong());
        auto const whole = Dong(request.value->count() + before.count());
        if (auto const limit = free_limit(*table, whole)) return *limit;
        auto fee = table->fee(whole);
        if (!fee) return not_known(UnknownBecause::value_outside_bands);
        auto const& band = *table->band_of(whole);
        std::string working;
        if (band.rate_ppm != 0) {
            working = percent_text(band.rate_ppm) + " × " + money(Dong(whole.count() - band.over.count()));
            if (!band.fixed.is_zero()) working = money(band.fixed) + " + " + working;
            if (table->cap && Fraction(*table->cap) < band.fee(whole)) working = "min(" + working + "; " + money(*table->cap) + ")";
        }
        if (!before.is_zero()) {
            auto const limit_before = free_limit(*table, before);
            auto const paid = limit_before ? limit_before->amount : table->fee(before);
            if (!paid) return not_known(UnknownBecause::value_outside_bands);
            auto const paid_dong = paid->round_half_up();
            auto const whole_dong = fee->round_half_up();
            if (!paid_dong || !whole_dong) return not_known(UnknownBecause::value_outside_bands);
            fee = Fraction(Dong(whole_dong->count() - paid_dong->count()));
            working = (working.empty() ? money(*whole_dong) : working) + " − " + money(*paid_dong);
        }
        return {fee, {}, working};
    }

private:
    // Nothing is due up to so many base salaries. Where the salary of the day is not known, the last known one still
    // frees (it has only ever been raised); up to half again as much the answer is "ask", above it no longer matters.
    [[nodiscard]] std::optional<Base> free_limit(BandTable const& table, Dong value) const
    {
        if (table.free_up_to_base_salaries == 0) return std::nullopt;
        auto const salary = tables.reference("base_salary", request.day);
        if (!salary) return not_known(UnknownBecause::free_limit_uncertain);
        auto const limit = salary->value.count() * table.free_up_to_base_salaries;
        if (value.count() <= limit) return Base{Fraction(), {}, {}};
        if (!salary->holds_on_day && value.count() <= limit + limit / 2) return not_known(UnknownBecause::free_limit_uncertain);
        return std::nullopt;
    }
};

}  // namespace

Base base_of(FeeTables const& tables, Rate const& rate, AssessmentRequest const& request)
{
    if (rate.confidence.grade == Confidence::Grade::other_province) return not_known(UnknownBecause::other_province);
    return std::visit(BaseOf{tables, rate, request}, rate.unit);
}

}  // namespace cho40::fees
