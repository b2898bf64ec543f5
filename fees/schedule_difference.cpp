#include "fees/schedule_difference.h"
#include "base/csv.h"
#include "base/text.h"
#include "fees/schedule.h"
#include "fees/unit.h"
#include <algorithm>
#include <array>

namespace cho40::fees {
namespace {

using Kind = ScheduleChange::Kind;
using Rows = std::map<std::pair<std::string, std::string>, ScheduleRow>;  // by fee code and first day as written

std::optional<Day> day_of(std::string const& cell)
{
    auto const day = Day::parse(cell);
    return day ? std::optional(*day) : std::nullopt;
}

Result<Rows> rows_of(std::string_view csv)
{
    CHO_TRY(auto table, CsvTable::parse(csv, schedule_columns()));
    Rows rows;
    for (auto const& csv_row : table.rows()) {
        ScheduleRow row;
        row.line = csv_row.line();
        for (auto const& column : schedule_columns()) row.cells.emplace(column, csv_row[column]);
        std::pair key{row["fee_code"], row["effective_from"]};
        rows.emplace(std::move(key), std::move(row));
    }
    return rows;
}

// The first day on which two rows of one fee differ in effect: where only the end is another, the day after the earlier end.
std::optional<Day> first_day_of(ScheduleRow const& before, ScheduleRow const& after, std::vector<std::string> const& columns)
{
    if (columns == std::vector<std::string>{"effective_to"}) {
        auto const earlier = !before.to() ? after.to() : !after.to() ? before.to() : std::optional(std::min(*before.to(), *after.to()));
        return earlier ? std::optional(earlier->plus_days(1)) : std::nullopt;
    }
    if (!before.from() || !after.from()) return std::nullopt;
    return std::min(*before.from(), *after.from());
}

bool ends_earlier(ScheduleRow const& before, ScheduleRow const& after)
{
    return after.to() && (!before.to() || *after.to() < *before.to());
}

std::optional<ScheduleChange> compare(ScheduleRow const& before, ScheduleRow const& after)
{
    ScheduleChange change{Kind::changed, after["fee_code"], before, after, {}, {}};
    for (auto const& column : schedule_columns()) {
        if (before[column] != after[column]) change.columns.push_back(column);
    }
    if (change.columns.empty()) return std::nullopt;
    if (change.columns == std::vector<std::string>{"effective_to"} && ends_earlier(before, after)) change.kind = Kind::ended;
    change.first_day = first_day_of(before, after, change.columns);
    return change;
}

// Of one fee: a row that is gone and a row that is new are one row whose first day was moved.
void pair_moved(std::vector<ScheduleChange>& changes)
{
    for (auto& gone : changes) {
        if (gone.kind != Kind::removed) continue;
        auto const fresh = std::ranges::find_if(
            changes, [&](ScheduleChange const& c) { return c.kind == Kind::added && c.fee_code == gone.fee_code; });
        if (fresh == changes.end()) continue;
        auto merged = compare(*gone.before, *fresh->after);
        fresh->fee_code.clear();  // taken into the other
        gone = *std::move(merged);
    }
    std::erase_if(changes, [](ScheduleChange const& c) { return c.fee_code.empty(); });
}

std::string amount_text(std::string const& cell)
{
    auto const amount = parse_count(cell);
    return amount ? dong_text(*amount) : cell;
}

// "200.000 đ (per_booklet), trực tuyến 100.000 đ"; a row without a sum is told by its unit, which holds the rule.
std::string price(ScheduleRow const& row, bool vi)
{
    auto const& amount = row["amount_vnd"];
    auto text = amount.empty() ? row["unit"] : amount_text(amount) + " (" + row["unit"] + ")";
    if (auto const& online = row["online_amount_vnd"]; !online.empty()) text += (vi ? ", trực tuyến " : ", online ") + amount_text(online);
    return text;
}

std::string days(ScheduleRow const& row, bool vi)
{
    std::string text;
    if (auto const from = row.from()) text = (vi ? "từ " : "from ") + from->to_vietnamese();
    if (auto const to = row.to()) text += (text.empty() ? "" : " ") + std::string(vi ? "đến hết " : "to the end of ") + to->to_vietnamese();
    return text.empty() ? (vi ? "không thời hạn" : "without a known first or last day") : text;
}

std::string cell_or_nothing(std::string const& cell, bool vi) { return cell.empty() ? (vi ? "(trống)" : "(empty)") : "\"" + cell + "\""; }

// Columns told by price() or days(); the others are told one by one.
constexpr std::array<std::string_view, 5> told = {"amount_vnd", "unit", "online_amount_vnd", "effective_from", "effective_to"};

std::string changes_of(ScheduleChange const& c, bool vi)
{
    auto const& before = *c.before;
    auto const& after = *c.after;
    auto const differs = [&](std::string_view column) { return std::ranges::find(c.columns, column) != c.columns.end(); };
    std::string text;
    auto const add = [&](std::string more) { text += (text.empty() ? "" : "; ") + std::move(more); };
    std::string const becomes = vi ? " thành " : " becomes ";
    if (differs("amount_vnd") || differs("unit") || differs("online_amount_vnd")) add(price(before, vi) + becomes + price(after, vi));
    if (differs("effective_from") || differs("effective_to")) add(days(before, vi) + becomes + days(after, vi));
    for (auto const& column : c.columns) {
        if (std::ranges::find(told, column) != told.end()) continue;
        add(column + ": " + cell_or_nothing(before[column], vi) + becomes + cell_or_nothing(after[column], vi));
    }
    return text;
}

std::string change_text(ScheduleChange const& c, bool vi)
{
    auto const& row = c.row();
    auto const name = row[vi ? "procedure_name_vi" : "procedure_name_en"] + " (" + c.fee_code + "): ";
    switch (c.kind) {
    case Kind::added: return (vi ? "Thêm - " : "Added - ") + name + price(row, vi) + ", " + days(row, vi) + ".";
    case Kind::removed:
        return (vi ? "Bỏ - " : "Removed - ") + name + price(row, vi) + ", " + days(row, vi) +
               (vi ? ". Những ngày đó sẽ không còn mức thu." : ". No amount will be known for those days.");
    case Kind::ended:
        return (vi ? "Kết thúc - " : "Ended - ") + name + price(row, vi) + ", " + days(*c.before, vi) + (vi ? " thành " : " becomes ") +
               days(row, vi) + ".";
    case Kind::changed: return (vi ? "Đổi - " : "Changed - ") + name + changes_of(c, vi) + ".";
    }
    return {};
}

std::string joined(std::vector<std::string> const& parts)
{
    std::string text;
    for (auto const& part : parts) text += (text.empty() ? "" : " ") + part;
    return text;
}

}  // namespace

std::optional<Day> ScheduleRow::from() const { return day_of((*this)["effective_from"]); }
std::optional<Day> ScheduleRow::to() const { return day_of((*this)["effective_to"]); }

std::string_view schedule_change_name(Kind kind)
{
    constexpr std::array<std::string_view, 4> names = {"added", "ended", "changed", "removed"};
    return names[static_cast<std::size_t>(kind)];
}

Result<std::vector<ScheduleChange>> schedule_difference(std::string_view before_csv, std::string_view after_csv)
{
    CHO_TRY(auto before, rows_of(before_csv));
    CHO_TRY(auto after, rows_of(after_csv));
    std::vector<ScheduleChange> changes;
    for (auto const& [key, row] : before) {
        auto const same = after.find(key);
        if (same == after.end()) {
            changes.push_back({Kind::removed, row["fee_code"], row, {}, {}, row.from()});
        } else if (auto change = compare(row, same->second)) {
            changes.push_back(*std::move(change));
        }
    }
    for (auto const& [key, row] : after) {
        if (!before.contains(key)) changes.push_back({Kind::added, row["fee_code"], {}, row, {}, row.from()});
    }
    pair_moved(changes);
    std::ranges::stable_sort(changes, [](ScheduleChange const& a, ScheduleChange const& b) {
        return std::tie(a.fee_code, a.row()["effective_from"]) < std::tie(b.fee_code, b.row()["effective_from"]);
    });
    return changes;
}

std::string change_text_vi(ScheduleChange const& change) { return change_text(change, true); }
std::string change_text_en(ScheduleChange const& change) { return change_text(change, false); }

std::string difference_csv(std::vector<ScheduleChange> const& changes)
{
    constexpr std::array<std::string_view, 5> both = {"amount_vnd", "online_amount_vnd", "unit", "effective_from", "effective_to"};
    std::string csv = "change,fee_code,procedure_name_vi,procedure_name_en";
    for (auto const column : both) csv += ",old_" + std::string(column) + ",new_" + std::string(column);
    csv += ",first_day,columns,text_vi,text_en\n";
    for (auto const& c : changes) {
        csv += std::string(schedule_change_name(c.kind)) + ',' + csv_cell(c.fee_code);
        for (auto const* column : {"procedure_name_vi", "procedure_name_en"}) csv += ',' + csv_cell(c.row()[column]);
        for (auto const column : both) {
            csv += ',' + (c.before ? csv_cell((*c.before)[column]) : std::string());
            csv += ',' + (c.after ? csv_cell((*c.after)[column]) : std::string());
        }
        csv += ',' + (c.first_day ? c.first_day->to_string() : std::string()) + ',' + csv_cell(joined(c.columns)) + ',' +
               csv_cell(change_text_vi(c)) + ',' + csv_cell(change_text_en(c)) + '\n';
    }
    return csv;
}

}  // namespace cho40::fees
