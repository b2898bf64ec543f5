#include "reconcile/workflow/provider_league.h"
#include "base/sealed_csv.h"
#include "reconcile/sum.h"
#include "reconcile/workflow/aging.h"
#include <algorithm>
#include <map>

namespace cho40::reconcile {
namespace {

std::int64_t divided_half_up(std::int64_t what, std::int64_t by) { return (2 * what + by) / (2 * by); }

void count_files(LeagueRow& row, std::vector<LeagueFile> files)
{
    for (auto& file : files) {
        ++row.files;
        row.lines += file.lines;
        bool const held = file.result == ImportResult::FILE_CONFLICT || file.result == ImportResult::FILE_INTEGRITY;
        row.late += file.result == ImportResult::ACCEPTED_LATE ? 1 : 0;
        row.corrected += file.result == ImportResult::SUPERSEDES ? 1 : 0;
        row.held += held ? 1 : 0;
        if (file.result != ImportResult::ACCEPTED) row.remarkable.push_back(std::move(file));
    }
    std::ranges::sort(row.remarkable, {}, [](auto const& file) { return std::pair(file.date, file.id); });
}

Result<Done> count_breaks(LeagueRow& row, std::vector<BreakLife> const& breaks, Day today, BreakPolicy const& policy,
                          WorkingDays const& calendar)
{
    std::map<BreakClass, std::pair<std::int64_t, Sum>> classes;
    Sum all;
    std::int64_t days = 0;
    for (auto const& one : breaks) {
        all.add(one.at_stake);
        auto& [count, sum] = classes[one.kind];
        ++count;
        sum.add(one.at_stake);
        row.open += one.is_open() ? 1 : 0;
        auto const until = one.is_open() || !one.ended_at ? today : Day::of(*one.ended_at);
        days += aging_of(one.kind, one.date, until, policy, calendar).working_days;
    }
    row.breaks.count = static_cast<std::int64_t>(breaks.size());
    CHO_TRY(row.breaks.sum, all.total());
    for (auto const& [kind, of] : classes) {
        CHO_TRY(auto const sum, of.second.total());
        row.classes.push_back({kind, {of.first, sum}});
    }
    row.breaks_per_10000 = divided_half_up(10'000 * row.breaks.count, std::max<std::int64_t>(row.lines, 1));
    row.age_tenths = row.breaks.count == 0 ? 0 : divided_half_up(10 * days, row.breaks.count);
    return Done{};
}

}  // namespace

Result<ProviderLeague> league_of(Day from, Day to, std::vector<LeagueEntry> entries, Day today, BreakPolicy const& policy,
                                 WorkingDays const& calendar)
{
    ProviderLeague league{from, to, {}, {}};
    Sum all;
    for (auto& entry : entries) {
        LeagueRow row;
        row.partner = std::move(entry.partner);
        row.name = std::move(entry.name);
        count_files(row, std::move(entry.files));
        CHO_TRY_DO(count_breaks(row, entry.breaks, today, policy, calendar));
        league.breaks.count += row.breaks.count;
        all.add(row.breaks.sum);
        league.rows.push_back(std::move(row));
    }
    CHO_TRY(league.breaks.sum, all.total());
    std::ranges::sort(league.rows, {}, [](auto const& row) {
        return std::tuple(row.late + row.held, row.breaks_per_10000, row.age_tenths, row.name, row.partner);
    });
    int place = 0;
    for (auto& row : league.rows) row.place = ++place;
    return league;
}

std::string tenths_text(std::int64_t tenths) { return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10); }

std::string league_csv(ProviderLeague const& league)
{
    SealedCsv csv({"row", "place", "id", "name", "date", "files", "late", "corrected", "held", "lines", "open", "per_10000_lines",
                   "mean_age_days", "count", "sum", "sha256"});
    csv.row({"period", "", "", "", league.from.to_string() + "/" + league.to.to_string(), "", "", "", "", "", "", "", "", "", "", ""});
    for (auto const& row : league.rows) {
        csv.row({"partner", std::to_string(row.place), row.partner, row.name, "", std::to_string(row.files), std::to_string(row.late),
                 std::to_string(row.corrected), std::to_string(row.held), std::to_string(row.lines), std::to_string(row.open),
                 std::to_string(row.breaks_per_10000), tenths_text(row.age_tenths), std::to_string(row.breaks.count),
                 std::to_string(row.breaks.sum.count()), ""});
        for (auto const& of : row.classes) {
            csv.row({"class", "", row.partner, std::string(name_of(of.kind)), "", "", "", "", "", "", "", "", "",
                     std::to_string(of.breaks.count), std::to_string(of.breaks.sum.count()), ""});
        }
        for (auto const& file : row.remarkable) {
            csv.row({"file", "", file.id, std::string(name_of(file.result)), file.date.to_string(), "", "", "", "",
                     std::to_string(file.lines), "", "", "", "", "", to_hex(file.digest)});
        }
    }
    return std::move(csv).seal(league.breaks.count, league.breaks.sum);
}

}  // namespace cho40::reconcile
