#include "base/csv.h"
#include "base/sealed_csv.h"
#include "reconcile/workflow/minutes.h"
#include <gtest/gtest.h>
#include <random>

namespace cho40::reconcile {
namespace {

Month const november = *Month::parse("2026-11");

SignedSheet version(Day day, int number, Day signed_on, std::int64_t count, int sum, std::vector<Adjustment> adjustments = {})
{
    SignedSheet v;
    v.closing = "dcl_" + day.to_string() + "_" + std::to_string(number);
    v.sheet.day = day;
    v.sheet.number = number;
    v.sheet.ledger = {count, Dong(sum)};
    v.sheet.matched = v.sheet.ledger;
    v.signed_at = signed_on.begin() + std::chrono::hours(9);
    if (!adjustments.empty()) v.sheet.previous = sha256("before");
    v.sheet.adjustments = std::move(adjustments);
    v.digest = sha256(v.closing);
    return v;
}

BreakLife life(std::string id, std::optional<BreakState> before, BreakState after, int at_stake, std::string cause = {})
{
    BreakLife b;
    b.id = std::move(id);
    b.kind = BreakClass::MISSING_INTERNAL;
    b.date = Day::from(2026, 11, 3);
    b.delta = b.at_stake = Dong(at_stake);
    b.cause = std::move(cause);
    b.before = before;
    b.after = after;
    return b;
}

Day on(int month, unsigned day) { return Day::from(2026, static_cast<unsigned>(month), day); }

MonthlyMinutes minutes(Month month, std::vector<SignedSheet> versions, std::vector<BreakLife> breaks = {})
{
    return *minutes_of(month, "rla_1", "PAYOS", std::move(versions), std::move(breaks));
}

TEST(Month, IsReadAndWritten)
{
    EXPECT_EQ(november.first, on(11, 1));
    EXPECT_EQ(november.last, on(11, 30));
    EXPECT_EQ(Month::parse("2028-02")->last, Day::from(2028, 2, 29));
    EXPECT_EQ(Month::parse("2026-12")->last, Day::from(2026, 12, 31));
    EXPECT_EQ(november.to_string(), "2026-11");
    EXPECT_EQ(november.to_vietnamese(), "11/2026");
    for (auto const* wrong : {"2026-13", "2026-1", "202611", "", "2026-11-01", "2026-1a"}) EXPECT_FALSE(Month::parse(wrong)) << wrong;
}

// A day counts in its own month with its first version, wherever that was signed; later ones count where they were signed.
TEST(Minutes, NothingCountsTwice)
{
    std::vector<SignedSheet> const all = {
        version(on(10, 31), 1, on(11, 2), 7, 700),
        version(on(10, 31), 2, on(11, 3), 8, 750,
                {{AdjustmentKind::ledger, "", 1, Dong(50)}, {AdjustmentKind::file_added, "stm_1", 3, Dong(9)}}),
        version(on(11, 1), 2, on(11, 4), 5, 500),  // number 1 was rejected
        version(on(11, 30), 1, on(12, 1), 3, 300),
        version(on(11, 30), 3, on(12, 2), 2, 200, {{AdjustmentKind::ledger, "", -1, Dong(-100)}}),
    };
    auto const october = minutes(*Month::parse("2026-10"), all);
    EXPECT_EQ(october.total.ledger.sum, Dong(700));
    EXPECT_TRUE(october.adjustments.empty());
    EXPECT_EQ(october.open_days(), 30U);
    auto const ours = minutes(november, all);
    EXPECT_EQ(ours.days_total.ledger.sum, Dong(800));
    EXPECT_EQ(ours.adjusted.ledger.sum, Dong(50));
    EXPECT_EQ(ours.total.ledger.count, 9);
    EXPECT_EQ(ours.total.ledger.sum, Dong(850));
    EXPECT_EQ(ours.open_days(), 28U);
    ASSERT_EQ(ours.adjustments.size(), 2U);
    EXPECT_EQ(ours.adjustments[0].on, on(11, 3));
    EXPECT_EQ(ours.adjustments[0].of, on(10, 31));
    auto const december = minutes(*Month::parse("2026-12"), all);
    EXPECT_EQ(december.total.ledger.sum, Dong(-100));
    // What is true now: the newest version of each day.
    EXPECT_EQ(october.total.ledger.sum.count() + ours.total.ledger.sum.count() + december.total.ledger.sum.count(), 750 + 500 + 200);
}

TEST(Minutes, AMonthOfClosedDaysIsTheSameWhateverComesLater)
{
    std::vector<SignedSheet> then;
    for (auto day = november.first; day <= november.last; day = day.plus_days(1))
        then.push_back(version(day, 1, day.plus_days(1), 1, 1000));
    auto later = then;
    later.push_back(version(on(11, 5), 2, on(12, 20), 2, 3000, {{AdjustmentKind::ledger, "", 1, Dong(2000)}}));
    std::shuffle(later.begin(), later.end(), std::mt19937(7));
    EXPECT_EQ(*minutes_csv(minutes(november, later)), *minutes_csv(minutes(november, then)));
}

TEST(Minutes, OpenItemsAreCarriedOver)
{
    using enum BreakState;
    auto const m = minutes(november, {},
                           {life("exc_1", OPEN, ASSIGNED, 1), life("exc_2", PROPOSED, RESOLVED, 20, "clock"),
                            life("exc_3", std::nullopt, OPEN, 300, "notice_lost"), life("exc_4", std::nullopt, AUTO_RESOLVED, 4000),
                            life("exc_5", RESOLVED, REOPENED, 50000), life("exc_6", RESOLVED, RESOLVED, 600000)});
    EXPECT_EQ(m.carry_over.before.sum, Dong(21));
    EXPECT_EQ(m.carry_over.opened.sum, Dong(54300));
    EXPECT_EQ(m.carry_over.ended.sum, Dong(4020));
    EXPECT_EQ(m.carry_over.after.sum, Dong(50301));
    EXPECT_EQ(m.carry_over.before.count + m.carry_over.opened.count - m.carry_over.ended.count, m.carry_over.after.count);
    std::string open;
    for (auto const& one : m.open_items) open += one.id + " ";
    EXPECT_EQ(open, "exc_1 exc_3 exc_5 ");
    ASSERT_EQ(m.causes.size(), 2U);
    EXPECT_EQ(m.causes[0].first, "");
    EXPECT_EQ(m.causes[1].first, "notice_lost");
}

TEST(Minutes, TheFileAddsUp)
{
    auto const csv = *minutes_csv(minutes(
        november,
        {version(on(11, 1), 1, on(11, 2), 5, 500), version(on(10, 9), 2, on(11, 2), 5, 500, {{AdjustmentKind::ledger, "", 1, Dong(-7)}})},
        {life("exc_1", BreakState::OPEN, BreakState::OPEN, 1)}));
    ASSERT_TRUE(sealed_digest(csv));
    auto const table = CsvTable::parse(csv, {"row", "name", "count", "sum"});
    ASSERT_TRUE(table);
    std::int64_t days = 0, adjusted = 0;
    for (auto const& row : table->rows()) {
        if (row["row"] == "day" && row["name"] == "closed") days += std::stoll(row["sum"]);
        if (row["row"] == "adjustment" && row["name"] == "ledger") adjusted += std::stoll(row["sum"]);
    }
    EXPECT_EQ(days, 500);
    EXPECT_EQ(adjusted, -7);
    EXPECT_EQ(table->rows().back()["sum"], "493");
    EXPECT_EQ(table->rows().back()["count"], "6");
}

}  // namespace
}  // namespace cho40::reconcile
