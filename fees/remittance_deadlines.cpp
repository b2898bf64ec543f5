#include "fees/remittance_deadlines.h"
#include "embedded/fees.h"
#include "fees/row_reader.h"

namespace cho40::fees {
namespace {

constexpr std::string_view every_fee = "*";

void read_row(RowReader& row, std::vector<RemittanceDeadline>& rows)
{
    RemittanceDeadline rule;
    rule.fee_code = row.required("fee_code");
    auto const& rhythm = row.text("rhythm");
    if (rhythm != "monthly" && rhythm != "weekly") row.wrong("rhythm", "must be monthly or weekly");
    rule.rhythm = rhythm == "weekly" ? RemittanceRhythm::weekly : RemittanceRhythm::monthly;
    // Every month has a day 28.
    std::int64_t const most = rule.rhythm == RemittanceRhythm::weekly ? 7 : 28;
    auto const day = row.count("day");
    if (!day || *day < 1 || *day > most) row.wrong("day", "must be 1 to " + std::to_string(most));
    else rule.day = static_cast<int>(*day);
    row.period("valid_from", "valid_to", rule.from, rule.to);
    rule.legal_basis = row.required("legal_basis");
    for (auto const& other : rows) {
        if (other.fee_code == rule.fee_code && periods_overlap(other.from, other.to, rule.from, rule.to))
            row.wrong("valid_from", "overlaps another row of the same fee");
    }
    if (row.ok()) rows.push_back(std::move(rule));
}

Day rule_day(RemittanceDeadline const& rule, Day collected)
{
    using namespace std::chrono;
    if (rule.rhythm == RemittanceRhythm::monthly) {
        auto const next = year(collected.year()) / month(collected.month()) + months(1);
        return Day(next / day(static_cast<unsigned>(rule.day)));
    }
    auto const of = sys_days(year(collected.year()) / month(collected.month()) / day(collected.day()));
    auto const weekday_of = static_cast<int>(weekday(of).iso_encoding());
    return collected.plus_days(7 - weekday_of + rule.day);
}

}  // namespace

Result<RemittanceDeadlines> RemittanceDeadlines::embedded() { return read(embedded::remittance_deadlines_csv); }

Result<RemittanceDeadlines> RemittanceDeadlines::read(std::string_view csv)
{
    CHO_TRY(auto const table, CsvTable::parse(csv, {"fee_code", "rhythm", "day", "valid_from", "valid_to", "legal_basis"}));
    RemittanceDeadlines out;
    std::vector<FieldError> mistakes;
    for (auto const& cells : table.rows()) {
        RowReader row(cells, mistakes);
        read_row(row, out.rows_);
    }
    if (!mistakes.empty()) return fail(as_error("remittance-deadlines.csv", std::move(mistakes)));
    return out;
}

std::optional<Day> RemittanceDeadlines::last_day_for(std::string_view fee_code, Day collected, WorkingDays const& calendar) const
{
    RemittanceDeadline const* rule = nullptr;
    for (auto const& row : rows_) {
        if (!in_period(row.from, row.to, collected)) continue;
        if (row.fee_code == fee_code) rule = &row;
        else if (row.fee_code == every_fee && rule == nullptr) rule = &row;
    }
    if (rule == nullptr) return std::nullopt;
    return calendar.first_working_day_from(rule_day(*rule, collected));
}

}  // namespace cho40::fees
