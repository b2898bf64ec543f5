#pragma once
#include "base/result.h"
#include "base/time.h"
#include "base/working_days.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::fees {

// By when collected money has to be in the budget: each circular says it for its fees (remittance-deadlines.csv).
enum class RemittanceRhythm {
    monthly,  // by day `day` of the next month for the month before
    weekly,   // by weekday `day` (1 Monday … 7 Sunday) of the next week for the week before, Monday to Sunday
};

struct RemittanceDeadline {
    std::string fee_code;  // "*": every fee without a row of its own
    RemittanceRhythm rhythm = RemittanceRhythm::monthly;
    int day = 0;
    std::optional<Day> from, to;
    std::string legal_basis;
};

class RemittanceDeadlines {
public:
    // Errors: invalid_csv naming line and column.
    [[nodiscard]] static Result<RemittanceDeadlines> embedded();
    [[nodiscard]] static Result<RemittanceDeadlines> read(std::string_view csv);

    // The last day on which money of this fee collected on `collected` is remitted in time: the day of the rule, or the next on which
    // offices are open. By the rule in force on the day of collecting; nothing where no rule is known.
    [[nodiscard]] std::optional<Day> last_day_for(std::string_view fee_code, Day collected, WorkingDays const& calendar) const;

    [[nodiscard]] std::vector<RemittanceDeadline> const& all() const { return rows_; }

private:
    std::vector<RemittanceDeadline> rows_;
};

}  // namespace cho40::fees
