#pragma once
#include "base/dong.h"
#include "base/working_days.h"
#include "etax/period.h"
#include "etax/rates.h"
#include <optional>

namespace cho40::etax {

// The last day for filing and for paying 01/CNKD: day 20 of the next month for a month, the last day of the next month
// for a quarter; for a year (02/CNKD-TNCN-QTT) 31 March. Moved to the next working day.
// Nghị định 68/2026/NĐ-CP, Điều 8; Nghị định 252/2026/NĐ-CP, Điều 3.
[[nodiscard]] Day due_day(Period period, WorkingDays const& calendar);
// 01/TKN-CNKD, the notice of a year's revenue that stays under the threshold: 31 January of the next year, moved.
[[nodiscard]] Day annual_notice_due_day(int year, WorkingDays const& calendar);

// The last moment the platform sends a return due on `due` by itself: 22:00, two hours before the day ends.
[[nodiscard]] Instant send_latest(Day due);

struct LateInterest {
    Day shifted_due;
    int days;
    Dong amount;
};

// Interest from the day after the (moved) due day to the day before the money reaches the budget; none when in time.
// Luật Quản lý thuế 108/2025/QH15; Nghị định 252/2026/NĐ-CP, Điều 26. Errors: invalid_input (tax < 0), amount_overflow.
[[nodiscard]] Result<LateInterest> late_interest(Dong tax, Day due, Day paid, RateBook const& rates, WorkingDays const& calendar);

// What is left to pay of a dossier: nothing when the whole is at most 50,000 đ and the rule holds for the period.
// Nghị định 252/2026/NĐ-CP, Điều 32 khoản 2 điểm b. Error: invalid_input (tax < 0).
struct Payable {
    Dong amount;
    Dong exempt;
    std::string rule_id;  // empty when no exemption applied
};
[[nodiscard]] Result<Payable> after_small_amount_rule(Dong dossier_tax, Day period_end, RateBook const& rates);

enum class PeriodStatus {
    not_open,  // the period has not ended
    open,      // until the due day
    late,      // after the due day, still accepted
    closed,    // more than five years after the due day
};
[[nodiscard]] PeriodStatus period_status(Period period, Day today, WorkingDays const& calendar);
// Errors: period_not_open (a return for a period that has not ended), period_closed.
[[nodiscard]] Result<Done> require_open(Period period, Day today, WorkingDays const& calendar);

// Households above 50 bn a year file each month, others each quarter. Nghị định 68/2026/NĐ-CP, Điều 8. Error: rate_missing.
[[nodiscard]] Result<PeriodKind> filing_frequency(Dong year_revenue, Day day, RateBook const& rates);

}  // namespace cho40::etax
