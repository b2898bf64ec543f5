#include "base/working_days.h"
#include "base/check.h"
#include "base/csv.h"
#include "embedded/base.h"
#include <algorithm>

namespace cho40 {

Result<WorkingDays> WorkingDays::parse(std::string_view csv)
{
    CHO_TRY(auto const table, CsvTable::parse(csv, {"from", "to", "name"}));
    WorkingDays days;
    for (auto const& row : table.rows()) {
        CHO_TRY(auto const from, Day::parse(row["from"]));
        CHO_TRY(auto const to, Day::parse(row["to"]));
        if (to < from) return fail(Errc::invalid_csv, "a holiday ends before it begins", "line " + std::to_string(row.line()));
        // A closure of half a year is a typing mistake, and would make due days run away.
        if (to.days_since(from) > 30)
            return fail(Errc::invalid_csv, "a holiday of more than 30 days", "line " + std::to_string(row.line()));
        days.off_.emplace_back(from, to);
    }
    return days;
}

WorkingDays const& WorkingDays::embedded()
{
    static WorkingDays const days = [] {
        auto parsed = parse(embedded::holidays_csv);
        CHO_CHECK(parsed.has_value());
        return *std::move(parsed);
    }();
    return days;
}

bool WorkingDays::is_day_off(Day day) const
{
    if (day.is_weekend()) return true;
    return std::ranges::any_of(off_, [day](auto const& range) { return range.first <= day && day <= range.second; });
}

Day WorkingDays::first_working_day_from(Day day) const
{
    while (is_day_off(day)) day = day.plus_days(1);
    return day;
}

Day WorkingDays::add_working_days(Day day, int count) const
{
    CHO_CHECK(count >= 0);
    for (; count > 0; --count) day = first_working_day_from(day.plus_days(1));
    return day;
}

int WorkingDays::working_days_between(Day from, Day to) const
{
    int count = 0;
    for (auto day = from.plus_days(1); day <= to; day = day.plus_days(1)) count += is_day_off(day) ? 0 : 1;
    return count;
}

}  // namespace cho40
