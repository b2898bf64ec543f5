#include "reconcile/workflow/minutes.h"
#include "base/sealed_csv.h"
#include "reconcile/sum.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace cho40::reconcile {
namespace {

struct Adding {
    std::int64_t count = 0;
    Sum sum;

    void add(CountSum const& of)
    {
        count += of.count;
        sum.add(of.sum);
    }
    void add_one(Dong amount) { add({1, amount}); }
    [[nodiscard]] Result<CountSum> total() const
    {
        CHO_TRY(auto const amount, sum.total());
        return CountSum{count, amount};
    }
};

struct AddingFigures {
    Adding ledger, provider, bank, matched, waiting;

    Result<Done> add(DaySheet const& sheet)
    {
        CHO_TRY(auto const of_provider, sheet.lines_of(Side::provider));
        CHO_TRY(auto const of_bank, sheet.lines_of(Side::bank));
        ledger.add(sheet.ledger);
        provider.add(of_provider);
        bank.add(of_bank);
        matched.add(sheet.matched);
        waiting.add(sheet.waiting);
        return Done{};
    }
    void add(MinutesFigures const& of)
    {
        ledger.add(of.ledger);
        provider.add(of.provider);
        bank.add(of.bank);
        matched.add(of.matched);
        waiting.add(of.waiting);
    }
    void add(Adjustment const& of)
    {
        CountSum const difference{of.count, of.sum};
        if (of.kind == AdjustmentKind::ledger) ledger.add(difference);
        if (of.kind == AdjustmentKind::provider) provider.add(difference);
        if (of.kind == AdjustmentKind::bank) bank.add(difference);
        if (of.kind == AdjustmentKind::matched) matched.add(difference);
        if (of.kind == AdjustmentKind::waiting) waiting.add(difference);
    }
    [[nodiscard]] Result<MinutesFigures> total() const
    {
        MinutesFigures figures;
        CHO_TRY(figures.ledger, ledger.total());
        CHO_TRY(figures.provider, provider.total());
        CHO_TRY(figures.bank, bank.total());
        CHO_TRY(figures.matched, matched.total());
        CHO_TRY(figures.waiting, waiting.total());
        return figures;
    }
};

Result<Done> take_versions(MonthlyMinutes& minutes, std::vector<SignedSheet> versions)
{
    std::ranges::sort(versions, {}, [](auto const& v) { return std::pair(v.sheet.day, v.sheet.number); });
    std::map<Day, std::size_t> place;
    for (auto day = minutes.month.first; day <= minutes.month.last; day = day.plus_days(1)) {
        place.emplace(day, minutes.days.size());
        minutes.days.push_back({day, std::nullopt});
    }
    AddingFigures days, adjusted;
    for (auto& version : versions) {
        auto const on = Day::of(version.signed_at);
        if (version.sheet.previous) {
            if (!minutes.month.holds(on)) continue;
            for (auto const& what : version.sheet.adjustments) {
                adjusted.add(what);
                minutes.adjustments.push_back({on, version.sheet.day, version.closing, version.digest, what});
            }
            continue;
        }
        auto const at = place.find(version.sheet.day);
        if (at == place.end()) continue;
        CHO_TRY_DO(days.add(version.sheet));
        minutes.days[at->second].version = std::move(version);
    }
    std::ranges::sort(minutes.adjustments, {}, [](auto const& a) { return std::tie(a.on, a.of, a.closing, a.what.kind, a.what.subject); });
    CHO_TRY(minutes.days_total, days.total());
    CHO_TRY(minutes.adjusted, adjusted.total());
    AddingFigures all;
    all.add(minutes.days_total);
    all.add(minutes.adjusted);
    CHO_TRY(minutes.total, all.total());
    return Done{};
}

Result<Done> take_breaks(MonthlyMinutes& minutes, std::vector<BreakLife> breaks)
{
    Adding before, opened, ended, after;
    std::map<std::string, Adding> causes;
    for (auto& one : breaks) {
        if (one.was_open()) before.add_one(one.at_stake);
        if (!one.was_open() && (one.is_open() || !one.before)) opened.add_one(one.at_stake);  // new, or opened again
        if (!one.before) causes[one.cause].add_one(one.at_stake);
        if (!one.is_open() && (one.was_open() || !one.before)) ended.add_one(one.at_stake);
        if (!one.is_open()) continue;
        after.add_one(one.at_stake);
        minutes.open_items.push_back(std::move(one));
    }
    std::ranges::sort(minutes.open_items, {}, [](auto const& b) { return std::tuple(b.date, b.kind, b.id); });
    CHO_TRY(minutes.carry_over.before, before.total());
    CHO_TRY(minutes.carry_over.opened, opened.total());
    CHO_TRY(minutes.carry_over.ended, ended.total());
    CHO_TRY(minutes.carry_over.after, after.total());
    for (auto const& [cause, of] : causes) {
        CHO_TRY(auto const total, of.total());
        minutes.causes.emplace_back(cause, total);
    }
    return Done{};
}

std::string text_of(Dong amount) { return std::to_string(amount.count()); }

void write(SealedCsv& csv, std::string row, std::string name, CountSum const& of)
{
    csv.row({std::move(row), "", std::move(name), "", "", std::to_string(of.count), text_of(of.sum), "", ""});
}

void write(SealedCsv& csv, std::string const& row, MinutesFigures const& of)
{
    write(csv, row, "ledger", of.ledger);
    write(csv, row, "provider", of.provider);
    write(csv, row, "bank", of.bank);
    write(csv, row, "matched", of.matched);
    write(csv, row, "waiting", of.waiting);
}

}  // namespace

Result<Month> Month::parse(std::string_view yyyy_mm)
{
    auto const first = Day::parse(std::string(yyyy_mm) + "-01");
    if (yyyy_mm.size() != 7 || !first) return fail(Error(Errc::invalid_period, "a month is like 2026-11").vi("Tháng viết như 2026-11."));
    auto next = first->plus_days(28);
    while (next.month() == first->month()) next = next.plus_days(1);
    return Month{*first, next.plus_days(-1)};
}

std::size_t MonthlyMinutes::open_days() const
{
    return static_cast<std::size_t>(std::ranges::count_if(days, [](auto const& day) { return !day.version; }));
}

Result<MonthlyMinutes> minutes_of(Month month, std::string partner, std::string partner_name, std::vector<SignedSheet> versions,
                                  std::vector<BreakLife> breaks)
{
    MonthlyMinutes minutes;
    minutes.month = month;
    minutes.partner = std::move(partner);
    minutes.partner_name = std::move(partner_name);
    CHO_TRY_DO(take_versions(minutes, std::move(versions)));
    CHO_TRY_DO(take_breaks(minutes, std::move(breaks)));
    return minutes;
}

Result<std::string> minutes_csv(MonthlyMinutes const& minutes)
{
    SealedCsv csv({"row", "id", "name", "date", "of", "count", "sum", "difference", "sha256"});
    csv.row({"month", minutes.partner, minutes.partner_name, minutes.month.to_string(), "", "", "", "", ""});
    for (auto const& day : minutes.days) {
        auto const date = day.day.to_string();
        if (!day.version) {
            csv.row({"day", "", "open", date, "", "", "", "", ""});
            continue;
        }
        auto const& sheet = day.version->sheet;
        csv.row({"day", day.version->closing, "closed", date, "", std::to_string(sheet.ledger.count), text_of(sheet.ledger.sum), "",
                 to_hex(day.version->digest)});
    }
    for (auto const& a : minutes.adjustments) {
        csv.row({"adjustment", a.what.subject.empty() ? a.closing : a.what.subject, std::string(name_of(a.what.kind)), a.on.to_string(),
                 a.of.to_string(), std::to_string(a.what.count), text_of(a.what.sum), "", to_hex(a.digest)});
    }
    write(csv, "days", minutes.days_total);
    write(csv, "adjusted", minutes.adjusted);
    write(csv, "total_of", minutes.total);
    write(csv, "breaks", "before", minutes.carry_over.before);
    write(csv, "breaks", "opened", minutes.carry_over.opened);
    write(csv, "breaks", "ended", minutes.carry_over.ended);
    write(csv, "breaks", "after", minutes.carry_over.after);
    for (auto const& [cause, of] : minutes.causes) write(csv, "cause", cause, of);
    for (auto const& item : minutes.open_items) {
        csv.row({"open", item.id, std::string(name_of(item.kind)), item.date.to_string(), "", "", text_of(item.at_stake),
                 text_of(item.delta), ""});
    }
    return std::move(csv).seal(minutes.total.ledger.count, minutes.total.ledger.sum);
}

}  // namespace cho40::reconcile
