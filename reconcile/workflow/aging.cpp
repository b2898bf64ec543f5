#include "reconcile/workflow/aging.h"

namespace cho40::reconcile {
namespace {

std::string_view bucket_of(int days)
{
    if (days <= 1) return aging_buckets[0];
    if (days <= 3) return aging_buckets[1];
    if (days <= 7) return aging_buckets[2];
    if (days <= 15) return aging_buckets[3];
    return aging_buckets[4];
}

// A target of the same day is used up when the day is over.
int escalation_of(int days, int target)
{
    if (days > 2 * target) return target == 0 && days == 1 ? 100 : 200;
    if (days > target) return 100;
    return target > 0 && 2 * days >= target ? 50 : 0;
}

}  // namespace

Day due_day(BreakClass kind, Day business_date)
{
    bool const is_batch = kind == BreakClass::MISSING_AT_BANK || kind == BreakClass::SETTLEMENT_AMOUNT_MISMATCH;
    return business_date.plus_days(is_batch ? 2 : 1);
}

Aging aging_of(BreakClass kind, Day business_date, Day today, BreakPolicy const& policy, WorkingDays const& calendar)
{
    Aging aging;
    aging.due = calendar.first_working_day_from(due_day(kind, business_date));
    aging.working_days = calendar.working_days_between(aging.due, today);
    aging.bucket = bucket_of(aging.working_days);
    auto const target = policy.target_working_days(kind);
    aging.target = calendar.add_working_days(aging.due, target);
    aging.escalation = escalation_of(aging.working_days, target);
    return aging;
}

}  // namespace cho40::reconcile
