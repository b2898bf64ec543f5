#pragma once
#include "etax/compute.h"

namespace cho40::etax {

struct YearInput {
    int year = 0;
    PeriodKind kind = PeriodKind::quarter;            // quarter or month
    std::vector<std::vector<ActivityRevenue>> periods;  // from the first of the year, at most 4 or 12
    Method method = Method::revenue;
    bool expects_above = false;
    FirstVatScope first_vat_scope = FirstVatScope::from_crossing_quarter;
    std::vector<std::string> allocation;
    std::optional<Day> known_on;
};

struct YearTax {
    std::vector<PeriodTax> periods;
    Dong revenue;
    Dong vat;
    Dong pit;
    Dong deducted;
    // All 4 quarters or 12 months are there, the owner had expected more, and the year stayed at or below the
    // threshold: everything is paid too much, to be set off or refunded (Nghị định 68/2026/NĐ-CP, Điều 12).
    Dong overpaid;
};

// The periods of one year in their order. Errors as compute(); pointers begin with /periods/N.
[[nodiscard]] Result<YearTax> compute_year(YearInput const& input, RateBook const& rates);

}  // namespace cho40::etax
