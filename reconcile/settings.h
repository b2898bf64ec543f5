#pragma once
#include "base/result.h"
#include "base/time.h"
#include <chrono>
#include <string>
#include <vector>

namespace cho40::reconcile {

// What is agreed with one payment intermediary. Times are local (Asia/Ho_Chi_Minh), days are calendar days.
struct Settings {
    std::string partner;
    std::vector<std::string> counterparties;      // its names as banks print them
    std::chrono::minutes file_due{600};           // after midnight of the day that follows the business date
    std::chrono::minutes midnight_window{15};     // a payment this near to midnight waits for both neighbouring files
    std::chrono::hours order_window{24};          // R2: at most this far apart
    int unnamed_settlement_days = 3;              // S3: booked at most so many days after the settlement date
    int overdue_after_days = 1;                   // money is overdue when a statement covers settlement date + this

    // When the file of a business date must be here: the first moment it can be called late.
    [[nodiscard]] Instant due(Day business_date) const { return business_date.end() + file_due; }
};

// The row of data/partners.csv for a partner that is valid on a day. An empty partner takes the first row valid that day.
// Errors: not_found, invalid_csv, invalid_date, invalid_input.
[[nodiscard]] Result<Settings> settings_for(std::string_view partner, Day day);
// The same from another table of that form.
[[nodiscard]] Result<Settings> settings_from(std::string_view csv, std::string_view partner, Day day);

}  // namespace cho40::reconcile
