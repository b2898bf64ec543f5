#pragma once
#include "base/dong.h"
#include "etax/period.h"
#include "etax/rates.h"
#include <optional>
#include <string>
#include <vector>

namespace cho40::etax {

// How PIT is measured. Luật Thuế thu nhập cá nhân 109/2025/QH15, Điều 7.
enum class Method {
    revenue,  // percentage of the revenue above the threshold
    income,   // percentage of revenue less expenses; one rate chosen by the year's revenue, no deduction
};

// The law does not say whether the first VAT return of a household that passes the threshold in mid-year covers earlier
// quarters too. The operator settles it with the tax office.
enum class FirstVatScope { from_crossing_quarter, ytd_catch_up };

// The revenue of one activity at one place in one period. All amounts in đồng, none negative.
struct ActivityRevenue {
    std::string location;  // the taxpayer's code of the place; may be empty when there is one place
    std::string group;     // activity group of the rate book
    Dong revenue;          // everything earned, including what third parties withheld
    Dong outside_vat;      // of it: not subject to VAT, e.g. commission of lottery and insurance agents
    Dong zero_rated;       // of it: VAT at 0 %
    bool vat_cut = false;  // goods of the "10 % to 8 %" scheme; must be decided for each product
};

struct ComputeInput {
    Period period;
    std::vector<ActivityRevenue> lines;
    std::vector<ActivityRevenue> earlier;  // the same year before this period
    Method method = Method::revenue;
    Dong expenses;               // deductible, of the year; used by the income method at year end
    bool expects_above = false;  // the owner determined that the year will pass the threshold: files from the first period
    FirstVatScope first_vat_scope = FirstVatScope::from_crossing_quarter;
    std::vector<std::string> allocation;  // groups the deduction is taken from first; then highest PIT rate first
    std::optional<Day> known_on;          // replay with the law as it was known on this day
};

// One row of the form. Totals are sums of these rounded figures and never computed from summed revenue.
struct TaxLine {
    ActivityRevenue activity;
    std::string group_name_vi;
    std::string rate_id;
    int vat_bp;            // before the cut
    int pit_bp;
    Dong vat_revenue;      // [11]; differs from the period's revenue only in a catch-up return
    Dong outside_vat;      // [12]
    Dong zero_rated;       // [13]
    Dong vat;              // [14]
    Dong pit_revenue;      // [15]
    Dong deducted;         // [16]
    Dong pit;              // [17]
};

struct PeriodTax {
    bool file = false;         // whether a return is due; when not, every figure of tax is zero
    std::vector<TaxLine> lines;
    Dong revenue;              // of the period
    Dong year_to_date;         // including the period
    Dong deducted;
    Dong vat;
    Dong pit;
    Dong income;               // income method at year end: revenue less expenses, not below zero
    bool must_use_income_next_year = false;  // the year stands above 3 bn under the revenue method
    std::vector<std::string> rules;          // ids of the rows of the rate file that were applied
    std::string why_en;                      // one sentence
    std::string why_vi;
};

// Computes one month, quarter or whole year. A whole year has no `earlier`; under the income method it is the
// finalisation, while shorter periods give the provisional amount (revenue percentage of the whole revenue).
// Each line is rounded half up to whole đồng. At most the threshold is deducted in a calendar year, and earlier revenue
// of the year uses it up first. Nghị định 68/2026/NĐ-CP, Điều 4-6; Nghị định 141/2026/NĐ-CP.
// Errors: tax_group_unknown, rate_missing, invalid_input (pointer to the line), amount_overflow.
[[nodiscard]] Result<PeriodTax> compute(ComputeInput const& input, RateBook const& rates);

}  // namespace cho40::etax
