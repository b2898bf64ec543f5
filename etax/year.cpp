#include "etax/year.h"

namespace cho40::etax {
namespace {

Result<Period> period_at(YearInput const& input, std::size_t i)
{
    auto const index = static_cast<unsigned>(i + 1);
    return input.kind == PeriodKind::month ? Period::month(input.year, index) : Period::quarter(input.year, index);
}

}  // namespace

Result<YearTax> compute_year(YearInput const& input, RateBook const& rates)
{
    std::size_t const whole = input.kind == PeriodKind::month ? 12 : 4;
    if (input.kind == PeriodKind::year || input.periods.size() > whole) {
        return fail(Errc::invalid_period, "a year has 4 quarters or 12 months", "/periods");
    }
    YearTax year;
    std::vector<ActivityRevenue> earlier;
    for (std::size_t i = 0; i < input.periods.size(); ++i) {
        CHO_TRY(auto const period, period_at(input, i));
        ComputeInput one{.period = period,
                         .lines = input.periods[i],
                         .earlier = earlier,
                         .method = input.method,
                         .expenses = Dong(),
                         .expects_above = input.expects_above,
                         .first_vat_scope = input.first_vat_scope,
                         .allocation = input.allocation,
                         .known_on = input.known_on};
        auto tax = compute(one, rates);
        if (!tax) {
            tax.error().pointer = "/periods/" + std::to_string(i) + tax.error().pointer;
            return fail(std::move(tax).error());
        }
        CHO_TRY(year.revenue, add(year.revenue, tax->revenue));
        CHO_TRY(year.vat, add(year.vat, tax->vat));
        CHO_TRY(year.pit, add(year.pit, tax->pit));
        CHO_TRY(year.deducted, add(year.deducted, tax->deducted));
        earlier.insert(earlier.end(), input.periods[i].begin(), input.periods[i].end());
        year.periods.push_back(*std::move(tax));
    }
    if (input.expects_above && year.periods.size() == whole) {
        auto const exempt = rates.threshold(ThresholdKind::vat_and_pit_exempt, year.periods.empty() ? Day() : Day::from(input.year, 12, 31),
                                            input.known_on);
        if (exempt && year.revenue <= exempt->amount) { CHO_TRY(year.overpaid, add(year.vat, year.pit)); }
    }
    return year;
}

}  // namespace cho40::etax
