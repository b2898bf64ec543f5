#pragma once
#include "base/time.h"
#include <string_view>
#include <utility>
#include <vector>

namespace cho40 {

// The days on which offices are closed besides Saturdays and Sundays (data/holidays.csv). A year that is not in the
// table has weekends only.
class WorkingDays {
public:
    // CSV with the columns from,to,name (ISO days, both included). Errors: invalid_csv, invalid_date.
    [[nodiscard]] static Result<WorkingDays> parse(std::string_view csv);
    // The table this build carries.
    [[nodiscard]] static WorkingDays const& embedded();

    [[nodiscard]] bool is_day_off(Day day) const;
    // `day` itself when offices are open, else the next day they are: a due day on a day off moves to the next working
    // day (Nghị định 252/2026/NĐ-CP, Điều 3).
    [[nodiscard]] Day first_working_day_from(Day day) const;
    // `count` working days after `day`. Pre: count >= 0.
    [[nodiscard]] Day add_working_days(Day day, int count) const;
    // How many working days came after `from` up to and with `to`; 0 when `to` is not later.
    [[nodiscard]] int working_days_between(Day from, Day to) const;

private:
    std::vector<std::pair<Day, Day>> off_;
};

}  // namespace cho40
