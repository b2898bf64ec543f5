#include "base/sealed_csv.h"
#include "reconcile/workflow/day_close.h"
#include <gtest/gtest.h>

namespace cho40::reconcile {
namespace {

Day const day = Day::from(2026, 11, 22);
Day const today = Day::from(2026, 11, 23);
Uuid const mai = make_derived_uuid({"Mai"});
Uuid const lan = make_derived_uuid({"Lan"});
Uuid const key_of_mai = make_derived_uuid({"key of Mai"});

SheetFile file(std::string id, Side side, Day date, std::int64_t lines, int sum)
{
    SheetFile f;
    f.id = std::move(id);
    f.side = side;
    f.date = date;
    f.lines = lines;
    f.sum = Dong(sum);
    f.digest = sha256(f.id);
    return f;
}

SheetBreak break_of(std::string id, BreakClass kind, int delta, std::optional<BreakState> ended = std::nullopt)
{
    return {std::move(id), kind, Dong(delta), Dong(std::abs(delta)), ended};
}

DaySheet sheet()
{
    DaySheet s;
    s.day = day;
    s.partner = "rla_1";
    s.partner_name = "Cổng \"A\", chi nhánh 1";
    s.run = "job_1";
    s.as_of = *parse_rfc3339("2026-11-23T03:00:00.123456Z");
    s.rules = rule_set_digest();
    s.ledger = {3, Dong(145'000)};
    s.matched = {2, Dong(100'000)};
    s.waiting = {1, Dong(45'000)};
    s.equations = {{1, "provider_channel", Dong(145'000), Dong(145'000)}};
    s.files = {file("stm_1", Side::provider, day, 3, 145'000), file("stm_2", Side::provider, day.plus_days(1), 9, 900'000),
               file("stm_3", Side::bank, day, 1, 144'000)};
    s.breaks = {break_of("exc_1", BreakClass::MISSING_INTERNAL, 5'000),
                break_of("exc_2", BreakClass::MISSING_INTERNAL, 7'000, BreakState::RESOLVED),
                break_of("exc_3", BreakClass::MISSING_AT_PROVIDER, -9'000)};
    return s;
}

std::string words(std::vector<Adjustment> const& adjustments)
{
    std::string out;
    for (auto const& a : adjustments) {
        out += (out.empty() ? "" : "; ") + std::string(name_of(a.kind)) + (a.subject.empty() ? "" : " " + a.subject) + " " +
               std::to_string(a.count) + " " + std::to_string(a.sum.count());
    }
    return out;
}

std::string changes(DaySheet const& now) { return words(*changes_between(sheet(), now)); }

TEST(DaySheet, TheFileSaysEveryFigure)
{
    auto const csv = *sheet_csv(sheet());
    auto const cut = csv.rfind("total,");
    EXPECT_EQ(csv.substr(0, cut), "\xEF\xBB\xBF"
                                  "row,id,name,date,number,count,sum,difference,state,sha256\r\n"
                                  "day,rla_1,\"Cổng \"\"A\"\", chi nhánh 1\",2026-11-22,1,,,,,\r\n"
                                  "rules,,,,,,,,," +
                                      to_hex(rule_set_digest()) +
                                      "\r\n"
                                      "run,job_1,,2026-11-23T03:00:00.123456Z,,,,,,\r\n"
                                      "ledger,,,,,3,145000,,,\r\n"
                                      "provider,,,,,3,145000,,,\r\n"
                                      "bank,,,,,1,144000,,,\r\n"
                                      "matched,,,,,2,100000,,,\r\n"
                                      "waiting,,,,,1,45000,,,\r\n"
                                      "class,,MISSING_AT_PROVIDER,,1,1,9000,-9000,,\r\n"
                                      "class,,MISSING_INTERNAL,,1,2,12000,12000,,\r\n"
                                      "equation,,provider_channel,,1,,145000,145000,,\r\n"
                                      "file,stm_1,provider,2026-11-22,1,3,145000,,," +
                                      to_hex(sha256("stm_1")) + "\r\nfile,stm_2,provider,2026-11-23,1,9,900000,,," +
                                      to_hex(sha256("stm_2")) + "\r\nfile,stm_3,bank,2026-11-22,1,1,144000,,," + to_hex(sha256("stm_3")) +
                                      "\r\n"
                                      "break,exc_1,MISSING_INTERNAL,,,,5000,5000,open,\r\n"
                                      "break,exc_2,MISSING_INTERNAL,,,,7000,7000,RESOLVED,\r\n"
                                      "break,exc_3,MISSING_AT_PROVIDER,,,,9000,-9000,open,\r\n");
    EXPECT_EQ(csv.substr(cut), "total,,,,,3,145000,,," + to_hex(sha256(csv.substr(0, cut))) + "\r\n");
    EXPECT_EQ(*sealed_digest(csv), sha256(csv.substr(0, cut)));
}

TEST(DaySheet, IsReadAsItWasWritten)
{
    auto whole = sheet();
    whole.number = 2;
    whole.previous = sha256("before");
    whole.adjustments = {{AdjustmentKind::ledger, "", 1, Dong(-5'000)}, {AdjustmentKind::break_reopened, "exc_2", 1, Dong(7'000)}};
    for (auto const& one : {sheet(), whole}) {
        auto const csv = *sheet_csv(one);
        auto const again = read_sheet(csv);
        ASSERT_TRUE(again) << again.error().detail;
        EXPECT_EQ(*sheet_csv(*again), csv);
        EXPECT_EQ(again->breaks, one.breaks);
        EXPECT_EQ(again->files, one.files);
        EXPECT_EQ(again->equations, one.equations);
        EXPECT_EQ(again->adjustments, one.adjustments);
        EXPECT_EQ(again->previous, one.previous);
        EXPECT_EQ(again->as_of, one.as_of);
    }
}

TEST(DaySheet, AByteThatWasChangedIsFound)
{
    auto const csv = *sheet_csv(sheet());
    for (std::size_t at = 0; at < csv.size(); at += 7) {
        auto other = csv;
        other[at] = other[at] == 'x' ? 'y' : 'x';
        auto const digest = sealed_digest(other);
        // The count and the sum of the last row stand behind the digest, so only what it covers and itself are sure.
        if (at < csv.rfind("total,")) { EXPECT_FALSE(digest) << at; }
    }
    for (auto const& other : {std::string(), csv.substr(0, csv.rfind("total,")), csv + csv, csv.substr(0, csv.size() - 1), csv + "\r\n"}) {
        auto const read = read_sheet(other);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().code, Errc::books_broken);
    }
}

TEST(DayClose, IsRefusedWhileWhatBlocksIsOpen)
{
    EXPECT_TRUE(may_close(sheet(), today)) << "other breaks are carried over";
    auto blocked = sheet();
    blocked.breaks.push_back(break_of("exc_4", BreakClass::CONFLICTING_DUPLICATE, 0));
    blocked.breaks.push_back(break_of("exc_5", BreakClass::FILE_CONFLICT, 0, BreakState::RESOLVED));
    blocked.breaks.push_back(break_of("exc_6", BreakClass::FILE_INTEGRITY, 0));
    auto const refused = may_close(blocked, today);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::invalid_state);
    ASSERT_EQ(refused.error().fields.size(), 2U);
    EXPECT_EQ(refused.error().fields[0].pointer, "exc_4");
    EXPECT_EQ(refused.error().fields[1].pointer, "exc_6");
    for (auto& one : blocked.breaks) one.ended = BreakState::AUTO_RESOLVED;
    EXPECT_TRUE(may_close(blocked, today));
}

TEST(DayClose, IsRefusedBeforeTheDayIsOver)
{
    EXPECT_EQ(may_close(sheet(), day).error().code, Errc::invalid_state);
    EXPECT_EQ(may_close(sheet(), day.plus_days(-1)).error().code, Errc::invalid_state);
}

TEST(DayClose, NothingChangedByWorkOrByNeighbours)
{
    EXPECT_EQ(changes(sheet()), "");
    auto now = sheet();
    now.run = "job_2";
    now.as_of += std::chrono::hours(24);
    now.files.push_back(file("stm_9", Side::bank, day.plus_days(2), 5, 5'000));
    EXPECT_EQ(changes(now), "");
}

TEST(DayClose, LateFactsAreDifferences)
{
    auto now = sheet();
    now.ledger = {4, Dong(155'000)};
    now.matched = {4, Dong(155'000)};
    now.waiting = {};
    now.files[0] = file("stm_4", Side::provider, day, 4, 155'000);
    now.breaks[0].ended = BreakState::RESOLVED;
    now.breaks[1].ended.reset();
    now.breaks[2].delta = Dong(-8'000);
    now.breaks.push_back(break_of("exc_7", BreakClass::DUPLICATE_PAYMENT, 3'000));
    EXPECT_EQ(changes(now), "ledger 1 10000; provider 1 10000; matched 2 55000; waiting -1 -45000; file_added stm_4 4 155000; "
                            "file_withdrawn stm_1 -3 -145000; break_ended exc_1 -1 -5000; break_reopened exc_2 1 7000; "
                            "break_changed exc_3 0 1000; break_opened exc_7 1 3000");
}

TEST(DayClose, HowABreakEndedIsADifferenceToo)
{
    auto now = sheet();
    now.breaks[1].ended = BreakState::WRITTEN_OFF;
    EXPECT_EQ(changes(now), "break_ended exc_2 0 0");
}

TEST(DayClose, TwoPeople)
{
    ClosingActor const maker{mai, mai, true};
    EXPECT_TRUE(may_decide(maker, {lan, lan, true}));
    EXPECT_EQ(may_decide(maker, maker).error().code, Errc::maker_cannot_check);
    EXPECT_EQ(may_decide({key_of_mai, mai, false}, maker).error().code, Errc::maker_cannot_check) << "her program prepared it";
    EXPECT_EQ(may_decide(maker, {key_of_mai, lan, false}).error().code, Errc::forbidden);
}

TEST(DayClose, WhatIsSigned)
{
    EXPECT_EQ(signed_bytes({"dcl_1", sha256("s"), "usr_1", "usr_2", Instant(std::chrono::microseconds(1'795'000'000'000'000))}),
              "cho40 reconciliation day v1\nclosing dcl_1\nsheet " + to_hex(sha256("s")) +
                  "\nprepared usr_1\nsigned usr_2\nat 1795000000000000\n");
}

}  // namespace
}  // namespace cho40::reconcile
