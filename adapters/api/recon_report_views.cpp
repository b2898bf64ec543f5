#include "adapters/api/recon_json.h"
#include "adapters/api/recon_reports.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include "reconcile/workflow/break_policy.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using documents::Report;
using documents::ReportSection;
using nlohmann::json;
using reconcile::CountSum;
using reconcile::LeagueRow;
using reconcile::MinutesFigures;
using reconcile::MonthlyMinutes;
using reconcile::ProviderLeague;

json count_sum(CountSum const& of) { return {{"count", of.count}, {"sum", http::money_json(of.sum)}}; }

json figures_json(MinutesFigures const& of)
{
    return {{"ledger", count_sum(of.ledger)},
            {"provider", count_sum(of.provider)},
            {"bank", count_sum(of.bank)},
            {"matched", count_sum(of.matched)},
            {"waiting", count_sum(of.waiting)}};
}

json day_json(reconcile::MinutesDay const& day)
{
    json view = {{"date", http::day_json(day.day)}, {"state", day.version ? "closed" : "open"}, {"closing", nullptr}};
    if (!day.version) return view;
    auto const& version = *day.version;
    view["closing"] = version.closing;
    view["number"] = version.sheet.number;
    view["sha256"] = to_hex(version.digest);
    view["signed_at"] = http::instant_json(version.signed_at);
    view["count"] = version.sheet.ledger.count;
    view["sum"] = http::money_json(version.sheet.ledger.sum);
    view["lines"] = "/v1/recon/closings/" + version.closing;
    return view;
}

json adjustment_json(reconcile::MinutesAdjustment const& a)
{
    return {{"date", http::day_json(a.on)}, {"of_date", http::day_json(a.of)},         {"closing", a.closing},
            {"sha256", to_hex(a.digest)},   {"kind", reconcile::name_of(a.what.kind)}, {"subject", http::text_or_null(a.what.subject)},
            {"count", a.what.count},        {"sum", http::money_json(a.what.sum)},     {"lines", "/v1/recon/closings/" + a.closing}};
}

json item_json(reconcile::BreakLife const& item)
{
    return {{"id", item.id},
            {"class", reconcile::name_of(item.kind)},
            {"date", http::day_json(item.date)},
            {"delta", http::money_json(item.delta)},
            {"at_stake", http::money_json(item.at_stake)},
            {"cause", http::text_or_null(item.cause)},
            {"lines", "/v1/recon/breaks/" + item.id}};
}

json file_json(reconcile::LeagueFile const& file)
{
    return {{"id", file.id},       {"date", http::day_json(file.date)}, {"result", recon_result_name(file.result)},
            {"lines", file.lines}, {"sha256", to_hex(file.digest)},     {"content", "/v1/recon/files/" + file.id + "/content"}};
}

json row_json(LeagueRow const& row, ProviderLeague const& league)
{
    auto const breaks = "/v1/recon/breaks?partner=" + row.partner + "&date_from=" + league.from.to_string() +
                        "&date_to=" + league.to.to_string();
    json view = {{"place", row.place},
                 {"partner", row.partner},
                 {"name", row.name},
                 {"files", row.files},
                 {"late_files", row.late},
                 {"corrected_files", row.corrected},
                 {"held_files", row.held},
                 {"file_lines", row.lines},
                 {"count", row.breaks.count},
                 {"sum", http::money_json(row.breaks.sum)},
                 {"open", row.open},
                 {"breaks_per_10000_lines", row.breaks_per_10000},
                 {"mean_age_days", reconcile::tenths_text(row.age_tenths)},
                 {"lines", breaks},
                 {"classes", json::array()},
                 {"remarkable_files", json::array()}};
    for (auto const& of : row.classes) {
        auto const name = std::string(reconcile::name_of(of.kind));
        view["classes"].push_back(
            {{"class", name}, {"count", of.breaks.count}, {"sum", http::money_json(of.breaks.sum)}, {"lines", breaks + "&class=" + name}});
    }
    for (auto const& file : row.remarkable) view["remarkable_files"].push_back(file_json(file));
    return view;
}

std::string cause_words(std::string const& code)
{
    auto const* const cause = reconcile::BreakPolicy::embedded().find_cause(code);
    return cause == nullptr ? "Chưa rõ nguyên nhân" : cause->name_vi;
}

// 3.4 as it is written in Vietnamese.
std::string with_comma(std::string decimal)
{
    std::ranges::replace(decimal, '.', ',');
    return decimal;
}

ReportSection month_figures(MonthlyMinutes const& minutes)
{
    ReportSection section{"Số liệu trong tháng",
                          {{"Chỉ tiêu", 2.6, false},
                           {"Các ngày: số lượng", 1, true},
                           {"Số tiền (đồng)", 1.5, true},
                           {"Điều chỉnh", 0.9, true},
                           {"Số tiền (đồng)", 1.4, true},
                           {"Cộng: số lượng", 0.9, true},
                           {"Số tiền (đồng)", 1.5, true}},
                          {},
                          {}};
    auto const add = [&](char const* name, auto member) {
        auto const& days = minutes.days_total.*member;
        auto const& adjusted = minutes.adjusted.*member;
        auto const& total = minutes.total.*member;
        section.rows.push_back({name, std::to_string(days.count), figure(days.sum), std::to_string(adjusted.count), figure(adjusted.sum),
                                std::to_string(total.count), figure(total.sum)});
    };
    add("Khoản tiền trên sổ cái", &MinutesFigures::ledger);
    add("Dòng trong tệp của đối tác", &MinutesFigures::provider);
    add("Dòng trong sao kê ngân hàng", &MinutesFigures::bank);
    add("Đã khớp", &MinutesFigures::matched);
    add("Đang chờ", &MinutesFigures::waiting);
    return section;
}

ReportSection month_carry_over(MonthlyMinutes const& minutes)
{
    ReportSection section{
        "Khoản lệch chuyển kỳ", {{"Nội dung", 3, false}, {"Số khoản", 1, true}, {"Số tiền liên quan (đồng)", 1.6, true}}, {}, {}};
    auto const add = [&](std::string name, CountSum const& of) {
        section.rows.push_back({std::move(name), std::to_string(of.count), figure(of.sum)});
    };
    add("Còn mở đầu kỳ", minutes.carry_over.before);
    add("Phát sinh trong kỳ", minutes.carry_over.opened);
    add("Đã xử lý trong kỳ", minutes.carry_over.ended);
    add("Còn mở cuối kỳ", minutes.carry_over.after);
    for (auto const& [cause, of] : minutes.causes) add("Nguyên nhân phát sinh: " + cause_words(cause), of);
    return section;
}

ReportSection month_days(MonthlyMinutes const& minutes)
{
    ReportSection section{
        "Từng ngày",
        {{"Ngày", 1, false}, {"Phiếu", 2.6, false}, {"Số khoản", 0.8, true}, {"Số tiền (đồng)", 1.4, true}, {"SHA-256", 3.6, false}},
        {},
        {}};
    for (auto const& day : minutes.days) {
        if (!day.version) {
            section.rows.push_back({day.day.to_vietnamese(), "chưa khoá", "", "", ""});
            continue;
        }
        auto const& sheet = day.version->sheet;
        section.rows.push_back({day.day.to_vietnamese(), day.version->closing, std::to_string(sheet.ledger.count), figure(sheet.ledger.sum),
                                to_hex(day.version->digest)});
    }
    return section;
}

ReportSection month_adjustments(MonthlyMinutes const& minutes)
{
    ReportSection section{"Điều chỉnh ghi nhận trong tháng",
                          {{"Ghi nhận", 1, false},
                           {"Của ngày", 1, false},
                           {"Nội dung", 2, false},
                           {"Đối tượng", 2.6, false},
                           {"Số lượng", 0.8, true},
                           {"Số tiền (đồng)", 1.4, true}},
                          {},
                          "Không có điều chỉnh."};
    for (auto const& a : minutes.adjustments) {
        section.rows.push_back({a.on.to_vietnamese(), a.of.to_vietnamese(), adjustment_words(a.what.kind),
                                a.what.subject.empty() ? a.closing : a.what.subject, std::to_string(a.what.count), figure(a.what.sum)});
    }
    return section;
}

ReportSection month_open_items(MonthlyMinutes const& minutes)
{
    ReportSection section{
        "Khoản lệch còn mở cuối kỳ",
        {{"Mã", 2.7, false}, {"Ngày", 1.1, false}, {"Loại", 2.6, false}, {"Chênh lệch (đồng)", 1.3, true}, {"Nguyên nhân", 1.8, false}},
        {},
        "Không còn khoản lệch nào."};
    for (auto const& item : minutes.open_items)
        section.rows.push_back({item.id, item.date.to_vietnamese(), class_words(item.kind), figure(item.delta), cause_words(item.cause)});
    return section;
}

}  // namespace

json minutes_json(MonthlyMinutes const& minutes, Sha256 const& digest)
{
    json view = {{"object", "recon_minutes"},
                 {"period", minutes.month.to_string()},
                 {"partner", minutes.partner},
                 {"partner_name", minutes.partner_name},
                 {"sha256", to_hex(digest)},
                 {"count", minutes.total.ledger.count},
                 {"sum", http::money_json(minutes.total.ledger.sum)},
                 {"open_days", minutes.open_days()},
                 {"figures",
                  {{"days", figures_json(minutes.days_total)},
                   {"adjusted", figures_json(minutes.adjusted)},
                   {"total", figures_json(minutes.total)}}},
                 {"carry_over",
                  {{"before", count_sum(minutes.carry_over.before)},
                   {"opened", count_sum(minutes.carry_over.opened)},
                   {"ended", count_sum(minutes.carry_over.ended)},
                   {"after", count_sum(minutes.carry_over.after)}}},
                 {"days", json::array()},
                 {"adjustments", json::array()},
                 {"causes", json::array()},
                 {"open_items", json::array()}};
    for (auto const& day : minutes.days) view["days"].push_back(day_json(day));
    for (auto const& a : minutes.adjustments) view["adjustments"].push_back(adjustment_json(a));
    for (auto const& [cause, of] : minutes.causes) {
        auto one = count_sum(of);
        one["cause"] = http::text_or_null(cause);
        view["causes"].push_back(std::move(one));
    }
    for (auto const& item : minutes.open_items) view["open_items"].push_back(item_json(item));
    return view;
}

Report minutes_paper(MonthlyMinutes const& minutes, Sha256 const& digest, PaperOrder const& order)
{
    auto report = report_of("BIÊN BẢN ĐỐI SOÁT THÁNG " + minutes.month.to_vietnamese(), digest, order);
    report.facts = {
        {"Đối tác", minutes.partner_name + " (" + minutes.partner + ")"},
        {"Số ngày đã khoá", std::to_string(minutes.days.size() - minutes.open_days()) + "/" + std::to_string(minutes.days.size())},
        {"Cộng", std::to_string(minutes.total.ledger.count) + " khoản, " + dong_text(minutes.total.ledger.sum.count())}};
    report.sections = {month_figures(minutes), month_carry_over(minutes), month_adjustments(minutes), month_open_items(minutes),
                       month_days(minutes)};
    report.signers = {{"ĐẠI DIỆN CHỢ 4.0", "", ""}, {"ĐẠI DIỆN ĐỐI TÁC", "", ""}};
    report.notes = {"Mỗi ngày được tính theo bản ký lần đầu; thay đổi biết sau được tính là điều chỉnh vào ngày ký bản sau."};
    return report;
}

json league_json(ProviderLeague const& league, Sha256 const& digest)
{
    json view = {{"object", "recon_provider_league"},
                 {"from_date", http::day_json(league.from)},
                 {"to_date", http::day_json(league.to)},
                 {"sha256", to_hex(digest)},
                 {"count", league.breaks.count},
                 {"sum", http::money_json(league.breaks.sum)},
                 {"partners", json::array()}};
    for (auto const& row : league.rows) view["partners"].push_back(row_json(row, league));
    return view;
}

Report league_paper(ProviderLeague const& league, Sha256 const& digest, PaperOrder const& order)
{
    auto report = report_of("XẾP HẠNG ĐỐI TÁC THANH TOÁN", digest, order);
    report.facts = {{"Kỳ", league.from.to_vietnamese() + " – " + league.to.to_vietnamese()},
                    {"Cộng", std::to_string(league.breaks.count) + " khoản lệch, " + dong_text(league.breaks.sum.count())}};
    ReportSection table{"Các đối tác",
                        {{"Hạng", 0.65, true},
                         {"Đối tác", 2.2, false},
                         {"Tệp", 0.6, true},
                         {"Trễ", 0.6, true},
                         {"Sửa lại", 0.6, true},
                         {"Bị giữ", 0.6, true},
                         {"Khoản lệch", 0.8, true},
                         {"Còn mở", 0.7, true},
                         {"Lệch/10.000 dòng", 1, true},
                         {"Tuổi TB (ngày)", 0.8, true},
                         {"Số tiền (đồng)", 1.4, true}},
                        {},
                        "Không có đối tác nào gửi tệp trong kỳ."};
    ReportSection classes{"Khoản lệch theo loại",
                          {{"Đối tác", 2, false}, {"Loại", 3, false}, {"Số khoản", 1, true}, {"Số tiền (đồng)", 1.5, true}},
                          {},
                          "Không có khoản lệch nào."};
    for (auto const& row : league.rows) {
        table.rows.push_back({std::to_string(row.place), row.name, std::to_string(row.files), std::to_string(row.late),
                              std::to_string(row.corrected), std::to_string(row.held), std::to_string(row.breaks.count),
                              std::to_string(row.open), std::to_string(row.breaks_per_10000),
                              with_comma(reconcile::tenths_text(row.age_tenths)), figure(row.breaks.sum)});
        for (auto const& of : row.classes)
            classes.rows.push_back({row.name, class_words(of.kind), std::to_string(of.breaks.count), figure(of.breaks.sum)});
    }
    report.sections = {std::move(table), std::move(classes)};
    report.notes = {"Xếp theo: ít tệp trễ và bị giữ, ít khoản lệch trên 10.000 dòng, khoản lệch được xử lý nhanh (ngày làm việc)."};
    return report;
}

}  // namespace cho40::api
