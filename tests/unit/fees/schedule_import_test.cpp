#include "fees/assess.h"
#include "fees/schedule_import.h"
#include "tests/support/run.h"
#include "tests/unit/fees/tables_for_tests.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;

struct StandingClock final : Clock {
    Instant now() const override { return Day::from(2026, 11, 24).begin() + std::chrono::hours(9); }
};

// Keeps schedules as the database does, and refuses whoever read an older version.
struct World final : ImportedSchedules, ledger::Ledger {
    std::map<Id<FeeSchedule>, ImportedSchedule> schedules;
    std::map<Uuid, std::int64_t> versions;

    boost::asio::awaitable<Result<ledger::Receipt>> submit(ledger::Command command) override
    {
        for (auto const& guard : command.guards) {
            if (versions[guard.entity] != guard.expected) co_return fail(Errc::stale, "somebody was first");
        }
        for (auto const& guard : command.guards) versions[guard.entity] = guard.next;
        for (auto const& row : command.rows) {
            if (auto const* made = dynamic_cast<NewSchedule const*>(row.get())) schedules[made->schedule.id] = made->schedule;
            if (auto const* decided = dynamic_cast<DecidedSchedule const*>(row.get())) schedules[decided->schedule.id] = decided->schedule;
        }
        co_return ledger::Receipt{};
    }
    boost::asio::awaitable<Result<std::optional<ImportedSchedule>>> find_schedule(Id<FeeSchedule> id) override
    {
        auto const it = schedules.find(id);
        co_return it == schedules.end() ? std::nullopt : std::optional(it->second);
    }
    boost::asio::awaitable<Result<std::optional<ImportedSchedule>>> schedule_in_force() override
    {
        std::optional<ImportedSchedule> newest;
        for (auto const& [id, s] : schedules) {
            if (s.number > (newest ? newest->number : 0)) newest = s;
        }
        co_return newest;
    }
    boost::asio::awaitable<Result<std::int64_t>> number_in_force() override
    {
        CHO_CO_TRY(auto const newest, co_await schedule_in_force());
        co_return newest ? newest->number : 0;
    }
};

std::string replaced(std::string text, std::string_view what, std::string_view by)
{
    auto const at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    return text.replace(at, what.size(), by);
}

// The program's own, in which the full price of a lost passport is another from 2027 on.
std::string next_year()
{
    return replaced(std::string(FeeTables::embedded_schedule()), "PP_LOST,le_phi,400000,per_booklet,,",
                    "PP_LOST,le_phi,500000,per_booklet,,");
}

class ScheduleImport : public testing::Test {
protected:
    Result<ImportedSchedule> propose(std::string csv, ScheduleActor by)
    {
        return tests::run(imports.propose(std::move(csv), "theo NQ mới", by, {}));
    }
    Result<ImportedSchedule> approve(Id<FeeSchedule> id, ScheduleActor by) { return tests::run(imports.approve(id, by, {})); }

    ScheduleActor const lan{make_uuid7(StandingClock().now(), system_random()), make_uuid7(StandingClock().now(), system_random())};
    ScheduleActor const minh{make_uuid7(StandingClock().now(), system_random()), make_uuid7(StandingClock().now(), system_random())};
    World world;
    StandingClock clock;
    ImportSchedules imports{world, world, clock, system_random()};
    TablesInForce tables{*FeeTables::embedded()};

    std::int64_t due(std::string code)
    {
        AssessmentRequest request;
        request.fee_code = std::move(code);
        request.day = Day::from(2026, 11, 24);
        return assess(*tables.current(), request)->due->count();
    }
};

TEST_F(ScheduleImport, IsInForceOnlyAfterAnotherPersonApprovedIt)
{
    auto const proposed = propose(next_year(), lan);
    ASSERT_TRUE(proposed) << proposed.error().detail;
    EXPECT_EQ(proposed->digest, sha256(next_year()));
    EXPECT_EQ(proposed->rows, 184);
    ASSERT_TRUE(tests::run(follow_schedule(world, tables)));
    EXPECT_EQ(due("PP_LOST"), 200'000);

    auto const approved = approve(proposed->id, minh);
    ASSERT_TRUE(approved) << approved.error().detail;
    EXPECT_EQ(approved->number, 1);
    auto const before = tables.current();
    ASSERT_TRUE(tests::run(follow_schedule(world, tables)));

    EXPECT_EQ(due("PP_LOST"), 250'000);
    EXPECT_EQ(tables.source().id, proposed->id);
    EXPECT_EQ(before->any_rate("PP_LOST")->amount, 400'000_vnd);  // whoever was in the middle of an assessment goes on with what he had
}

TEST_F(ScheduleImport, NobodyDecidesAboutHisOwnNotEvenBehindAKey)
{
    auto const proposed = propose(next_year(), lan);
    ASSERT_TRUE(proposed);
    auto const key_of_lan = ScheduleActor{minh.id, lan.owner};
    for (auto const& who : {lan, key_of_lan}) {
        EXPECT_EQ(approve(proposed->id, who).error().code, Errc::maker_cannot_check);
        EXPECT_EQ(tests::run(imports.refuse(proposed->id, who, "sai", {})).error().code, Errc::maker_cannot_check);
    }
}

TEST_F(ScheduleImport, IsDecidedOnce)
{
    auto const proposed = propose(next_year(), lan);
    ASSERT_TRUE(proposed);
    auto const refused = tests::run(imports.refuse(proposed->id, minh, "Thiếu căn cứ", {}));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->state, ScheduleState::refused);
    EXPECT_EQ(refused->reason, "Thiếu căn cứ");
    EXPECT_EQ(approve(proposed->id, minh).error().code, Errc::invalid_state);
}

TEST_F(ScheduleImport, ComparedWithWhatIsNoLongerInForceCannotBeApproved)
{
    auto const first = propose(next_year(), lan);
    auto const second = propose(replaced(next_year(), "ID_LOST,le_phi,70000", "ID_LOST,le_phi,80000"), lan);
    ASSERT_TRUE(first && second);
    ASSERT_TRUE(approve(first->id, minh));
    EXPECT_EQ(approve(second->id, minh).error().code, Errc::stale);

    auto const again = propose(second->csv, lan);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->base_csv, first->csv);
    EXPECT_EQ(again->base_number, 1);
    EXPECT_TRUE(approve(again->id, minh));
}

TEST_F(ScheduleImport, AFileWithAWrongCellIsNotTakenAndEveryCellIsNamed)
{
    auto csv = replaced(next_year(), "PP_LOST,le_phi,500000", "PP_LOST,le_phi,500.000");
    csv = replaced(csv, "RES_PERM,le_phi", "RES_PERM,lephi");
    auto const proposed = propose(csv, lan);
    ASSERT_FALSE(proposed);
    EXPECT_EQ(proposed.error().code, Errc::invalid_csv);
    std::vector<std::string> places;
    for (auto const& field : proposed.error().fields) places.push_back(field.pointer);
    EXPECT_EQ(places, (std::vector<std::string>{"line 4, column amount_vnd", "line 23, column kind"}));
    EXPECT_TRUE(world.schedules.empty());
}

TEST_F(ScheduleImport, WithoutAnyDifferenceOrRowIsRefused)
{
    EXPECT_EQ(propose(std::string(FeeTables::embedded_schedule()), lan).error().code, Errc::file_duplicate);
    auto const embedded = FeeTables::embedded_schedule();
    EXPECT_EQ(propose(std::string(embedded.substr(0, embedded.find('\n') + 1)), lan).error().code, Errc::invalid_csv);
    EXPECT_TRUE(world.schedules.empty());
}

TEST_F(ScheduleImport, AnOlderScheduleDoesNotTakeThePlaceOfANewer)
{
    tables.put(*FeeTables::with_schedule(next_year()), {2, std::nullopt});
    tables.put(*FeeTables::embedded(), {1, std::nullopt});
    EXPECT_EQ(due("PP_LOST"), 250'000);
}

}  // namespace
}  // namespace cho40::fees
