#include "reconcile/settings.h"
#include "base/csv.h"
#include "embedded/reconcile.h"
#include <charconv>

namespace cho40::reconcile {
namespace {

Result<int> whole(CsvRow const& row, std::string_view column, int max)
{
    auto const& text = row[column];
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0 || value > max) {
        return fail(Errc::invalid_input, std::string(column) + " must be a whole number from 0 to " + std::to_string(max),
                    "line " + std::to_string(row.line()));
    }
    return value;
}

Result<std::chrono::minutes> time_of_day(CsvRow const& row, std::string_view column)
{
    auto const& text = row[column];
    auto const digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9'; };
    if (text.size() != 5 || text[2] != ':' || !digit(0) || !digit(1) || !digit(3) || !digit(4)) {
        return fail(Errc::invalid_input, std::string(column) + " must be HH:MM", "line " + std::to_string(row.line()));
    }
    int const hours = (text[0] - '0') * 10 + (text[1] - '0');
    int const minutes = (text[3] - '0') * 10 + (text[4] - '0');
    if (hours > 23 || minutes > 59) {
        return fail(Errc::invalid_input, std::string(column) + " must be HH:MM", "line " + std::to_string(row.line()));
    }
    return std::chrono::hours(hours) + std::chrono::minutes(minutes);
}

Result<bool> valid_on(CsvRow const& row, Day day)
{
    CHO_TRY(auto const from, Day::parse(row["valid_from"]));
    if (day < from) return false;
    if (row["valid_to"].empty()) return true;
    CHO_TRY(auto const to, Day::parse(row["valid_to"]));
    return day <= to;
}

}  // namespace

Result<Settings> settings_for(std::string_view partner, Day day) { return settings_from(embedded::partners_csv, partner, day); }

Result<Settings> settings_from(std::string_view csv, std::string_view partner, Day day)
{
    CHO_TRY(auto const table,
            CsvTable::parse(csv, {"partner", "counterparty", "file_due_local", "midnight_window_minutes", "order_window_hours",
                                  "unnamed_settlement_days", "overdue_after_days", "valid_from", "valid_to"}));
    Settings settings;
    bool found = false;
    for (auto const& row : table.rows()) {
        if (!partner.empty() && row["partner"] != partner) continue;
        CHO_TRY(auto const valid, valid_on(row, day));
        if (!valid || (found && row["partner"] != settings.partner)) continue;
        // Several rows of one partner are several names of it.
        if (!found) {
            settings.partner = row["partner"];
            CHO_TRY(settings.file_due, time_of_day(row, "file_due_local"));
            CHO_TRY(auto const window, whole(row, "midnight_window_minutes", 720));
            settings.midnight_window = std::chrono::minutes(window);
            CHO_TRY(auto const hours, whole(row, "order_window_hours", 720));
            settings.order_window = std::chrono::hours(hours);
            CHO_TRY(settings.unnamed_settlement_days, whole(row, "unnamed_settlement_days", 31));
            CHO_TRY(settings.overdue_after_days, whole(row, "overdue_after_days", 31));
            found = true;
        }
        settings.counterparties.push_back(row["counterparty"]);
    }
    if (!found) {
        return fail(Errc::not_found, "no agreement with the partner " + std::string(partner) + " is valid on " + day.to_string());
    }
    return settings;
}

}  // namespace cho40::reconcile
