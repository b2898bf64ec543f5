#include "base/csv.h"
#include "base/sealed_csv.h"
#include "reconcile/workflow/provider_league.h"
#include <gtest/gtest.h>

namespace cho40::reconcile {
namespace {

Day const from = Day::from(2026, 11, 2);  // a Monday
Day const to = Day::from(2026, 11, 6);

LeagueFile file(std::string id, ImportResult result, std::int64_t lines) { return {id, from, result, lines, sha256(id)}; }

BreakLife life(BreakClass kind, int at_stake, std::optional<Day> ended)
{
    BreakLife b;
    b.id = "exc_" + std::to_string(at_stake);
    b.kind = kind;
    b.date = from;
    b.at_stake = Dong(at_stake);
    b.after = ended ? BreakState::RESOLVED : BreakState::OPEN;
    if (ended) b.ended_at = ended->begin();
    return b;
}

LeagueEntry entry(std::string name, std::vector<LeagueFile> files, std::vector<BreakLife> breaks)
{
    return {"rla_" + name, name, std::move(files), std::move(breaks)};
}

ProviderLeague league(std::vector<LeagueEntry> entries, Day today = Day::from(2026, 11, 9))
{
    return *league_of(from, to, std::move(entries), today, BreakPolicy::embedded(), WorkingDays::embedded());
}

std::string places(ProviderLeague const& league)
{
    std::string out;
    for (auto const& row : league.rows) out += std::to_string(row.place) + row.name + " ";
    return out;
}

TEST(ProviderLeague, CountsWhatEachSent)
{
    using enum ImportResult;
    auto const table = league({entry("A",
                                     {file("1", ACCEPTED, 100), file("2", ACCEPTED_LATE, 50), file("3", SUPERSEDES, 50),
                                      file("4", FILE_CONFLICT, 0), file("5", FILE_INTEGRITY, 0)},
                                     {})});
    auto const& row = table.rows.front();
    EXPECT_EQ(row.files, 5);
    EXPECT_EQ(row.late, 1);
    EXPECT_EQ(row.corrected, 1);
    EXPECT_EQ(row.held, 2);
    EXPECT_EQ(row.lines, 200);
    EXPECT_EQ(row.remarkable.size(), 4U);
}

// Due on the day after, a Tuesday; open ones age until today.
TEST(ProviderLeague, TheMeanAgeIsInWorkingDays)
{
    auto const table = league(
        {entry("A", {file("1", ImportResult::ACCEPTED, 30'000)},
               {life(BreakClass::MISSING_INTERNAL, 10, from.plus_days(1)), life(BreakClass::MISSING_INTERNAL, 20, from.plus_days(3)),
                life(BreakClass::AMOUNT_MISMATCH, 300, std::nullopt)})});
    auto const& row = table.rows.front();
    EXPECT_EQ(row.age_tenths, 20) << "0, 2 and 4 working days";
    EXPECT_EQ(row.breaks_per_10000, 1);
    EXPECT_EQ(row.open, 1);
    EXPECT_EQ(row.breaks.sum, Dong(330));
    ASSERT_EQ(row.classes.size(), 2U);
    EXPECT_EQ(row.classes[0].kind, BreakClass::MISSING_INTERNAL);
    EXPECT_EQ(row.classes[0].breaks.sum, Dong(30));
    EXPECT_EQ(tenths_text(20), "2.0");
}

TEST(ProviderLeague, PunctualBeforeCleanBeforeQuick)
{
    auto const break_on = [](Day ended) { return std::vector{life(BreakClass::MISSING_INTERNAL, 1, ended)}; };
    auto const good = file("1", ImportResult::ACCEPTED, 1000);
    auto const table = league({entry("late", {good, file("2", ImportResult::ACCEPTED_LATE, 1000)}, {}),
                               entry("slow", {good}, break_on(from.plus_days(4))), entry("quick", {good}, break_on(from.plus_days(1))),
                               entry("clean", {good}, {}), entry("also-clean", {good}, {})});
    EXPECT_EQ(places(table), "1also-clean 2clean 3quick 4slow 5late ");
}

TEST(ProviderLeague, NobodyIsALeagueToo)
{
    auto const table = league({});
    EXPECT_TRUE(table.rows.empty());
    EXPECT_TRUE(sealed_digest(league_csv(table)));
}

TEST(ProviderLeague, TheFileAddsUp)
{
    auto const csv = league_csv(
        league({entry("A", {file("1", ImportResult::ACCEPTED_LATE, 1)}, {life(BreakClass::MISSING_INTERNAL, 10, std::nullopt)}),
                entry("B", {}, {life(BreakClass::AMOUNT_MISMATCH, 5, std::nullopt), life(BreakClass::AMOUNT_MISMATCH, 6, std::nullopt)})}));
    ASSERT_TRUE(sealed_digest(csv));
    auto const table = CsvTable::parse(csv, {"row", "count", "sum", "sha256"});
    ASSERT_TRUE(table);
    for (std::string const kind : {"partner", "class"}) {
        std::int64_t count = 0, sum = 0;
        for (auto const& row : table->rows()) {
            if (row["row"] != kind) continue;
            count += std::stoll(row["count"]);
            sum += std::stoll(row["sum"]);
        }
        EXPECT_EQ(count, 3) << kind;
        EXPECT_EQ(sum, 21) << kind;
    }
    EXPECT_EQ(table->rows().back()["sum"], "21");
}

}  // namespace
}  // namespace cho40::reconcile
