#pragma once
#include "base/working_days.h"
#include "etax/rates.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::tax_gateway {

// Answers one case in the shape of `test_cases` of the rate file. The answer is the case with the figures added under
// the names the file itself uses (vat, pit, expected, shifted_due, days, interest, payable), `lines` with per-line
// figures, `rules` (ids of the rows applied) and `why`, one sentence. Answers given in the case are replaced.
//
//   year or part of it: year, method revenue|income, lines [{group, revenue, …}] or quarters/months [{group: revenue}
//     or a list of lines], vat_reduction, expenses, allocation "a first" or ["d","a"], expects_above,
//     first_period_vat_scope FROM_CROSSING_QUARTER|YTD_CATCH_UP, period "2026-Q3" with earlier [lines], known_on
//   kind late: tax, due, paid        kind small: dossier_tax, year or day
//
// Errors: invalid_input, unknown_field, tax_group_unknown, rate_missing, invalid_period, amount_overflow; each with the
// JSON Pointer of the member.
[[nodiscard]] Result<nlohmann::ordered_json> compute_case(nlohmann::json const& tax_case, etax::RateBook const& rates,
                                                          WorkingDays const& calendar);

}  // namespace cho40::tax_gateway
