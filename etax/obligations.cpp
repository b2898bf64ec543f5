#include "etax/obligations.h"

namespace cho40::etax {
namespace {

constexpr int years_open = 5;  // supplementary returns: Luật Quản lý thuế 108/2025/QH15

Day next_month_start(Day day) { return day.month() == 12 ? Day::from(day.year() + 1, 1, 1) : Day::from(day.year(), day.month() + 1, 1); }

}  // namespace

Day due_day(Period period, WorkingDays const& calendar)
{
    auto const after = next_month_start(period.last_day());
    switch (period.kind()) {
    case PeriodKind::month: return calendar.first_working_day_from(after.plus_days(19));
    case PeriodKind::quarter: return calendar.first_working_day_from(next_month_start(after).plus_days(-1));
    case PeriodKind::year: break;
    }
    return calendar.first_working_day_from(Day::from(period.year() + 1, 3, 31));
}

Day annual_notice_due_day(int year, WorkingDays const& calendar) { return calendar.first_working_day_from(Day::from(year + 1, 1, 31)); }

Instant send_latest(Day due) { return due.begin() + std::chrono::hours(22); }

Result<LateInterest> late_interest(Dong tax, Day due, Day paid, RateBook const& rates, WorkingDays const& calendar)
{
    if (tax < Dong()) return fail(Errc::invalid_input, "the tax cannot be negative", "/tax");
    LateInterest late{calendar.first_working_day_from(due), 0, Dong()};
    if (paid <= late.shifted_due) return late;
    late.days = paid.days_since(late.shifted_due) - 1;
    CHO_TRY(late.amount, multiply_half_up(tax, rates.late_ppm_per_day() * late.days, 1'000'000));
    return late;
}

Result<Payable> after_small_amount_rule(Dong dossier_tax, Day period_end, RateBook const& rates)
{
    if (dossier_tax < Dong()) return fail(Errc::invalid_input, "the tax cannot be negative", "/dossier_tax");
    auto const rule = rates.threshold(ThresholdKind::small_amount_exempt_per_dossier, period_end);
    if (!rule || dossier_tax > rule->amount || dossier_tax.is_zero()) return Payable{dossier_tax, Dong(), ""};
    return Payable{Dong(), dossier_tax, rule->id};
}

PeriodStatus period_status(Period period, Day today, WorkingDays const& calendar)
{
    if (today <= period.last_day()) return PeriodStatus::not_open;
    auto const due = due_day(period, calendar);
    if (today <= due) return PeriodStatus::open;
    // 29 February has no anniversary; the day after serves.
    auto const anniversary = due.month() == 2 && due.day() == 29 ? Day::from(due.year() + years_open, 3, 1)
                                                                 : Day::from(due.year() + years_open, due.month(), due.day());
    return today <= anniversary ? PeriodStatus::late : PeriodStatus::closed;
}

Result<Done> require_open(Period period, Day today, WorkingDays const& calendar)
{
    switch (period_status(period, today, calendar)) {
    case PeriodStatus::open:
    case PeriodStatus::late: return Done{};
    case PeriodStatus::not_open:
        return fail(
            Error(Errc::period_not_open, "the period " + period.to_string() + " opens on " + period.last_day().plus_days(1).to_string())
                .vi("Kỳ " + period.to_string() + " chưa kết thúc; lập tờ khai được từ ngày " +
                    period.last_day().plus_days(1).to_vietnamese() + "."));
    case PeriodStatus::closed: break;
    }
    return fail(Error(Errc::period_closed, "the period " + period.to_string() + " ended more than five years ago")
                    .vi("Kỳ " + period.to_string() + " đã kết thúc quá năm năm nên không lập tờ khai ở đây được nữa."));
}

Result<PeriodKind> filing_frequency(Dong year_revenue, Day day, RateBook const& rates)
{
    CHO_TRY(auto const monthly, rates.threshold(ThresholdKind::monthly_filing_above, day));
    return year_revenue > monthly.amount ? PeriodKind::month : PeriodKind::quarter;
}

}  // namespace cho40::etax
