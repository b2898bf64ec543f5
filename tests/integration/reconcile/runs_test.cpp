#include "tests/integration/reconcile/fixture.h"

namespace cho40::tests {
namespace {

class ReconRunTest : public ReconTest {
protected:
    // Equations of an answer, all holding.
    static void expect_equations(json const& run)
    {
        std::set<int> numbers;
        for (auto const& e : run.at("equations")) {
            EXPECT_TRUE(e.at("holds").get<bool>()) << e;
            EXPECT_EQ(e.at("left"), e.at("right")) << e;
            numbers.insert(e.at("number").get<int>());
        }
        EXPECT_EQ(numbers, (std::set<int>{1, 2, 3, 6}));
    }
    json run_ok(std::string const& partner, std::string const& date)
    {
        auto const answer = run(partner, date);
        EXPECT_EQ(answer.status, 201) << answer.body_text();
        auto body = body_of(answer);
        if (answer.status == 201) expect_equations(body);
        return body;
    }
};

// By the provider's number, by the bank's reference inside it where another rail told first, and by the order code.
TEST_F(ReconRunTest, ADayOfAProviderMatchesWithoutABreak)
{
    add_credit({collected, provider, "FT1/aa", "FT1", "CQ000001", 45000, "2026-11-22 10:00:00"});
    add_credit({collected, bank, "v-2", "FT2", "", 30000, "2026-11-22 11:00:00"});
    add_credit({collected, bank, "v-3", "", "CQ000003", 20000, "2026-11-22 12:00:00"});
    add_credit({direct, provider, "FT4/dd", "FT4", "CQ000004", 10000, "2026-11-22 12:30:00"});  // not the provider's to settle
    auto const file = statements::write_provider_csv({line(1, "FT1/aa", "CQ000001", 45000, "2026-11-22 10:00:00", 450),
                                                      line(2, "FT2/bb", "", 30000, "2026-11-22 11:00:00", 300),
                                                      line(3, "X3", "CQ000003", 20000, "2026-11-22 12:00:00", 200)});
    EXPECT_EQ(import("provider", provider, today, file).status, 201);
    auto run = run_ok(provider, today);
    EXPECT_EQ(run.at("state").at("name"), "succeeded");
    EXPECT_EQ(run.at("matched").at("count"), 3);
    EXPECT_EQ(run.at("matched").at("sum").at("amount"), 95000);
    EXPECT_EQ(run.at("breaks").size(), 0) << run;
    EXPECT_EQ(run.at("waiting").at("count"), 1);  // the batch, until the bank has paid it
    EXPECT_EQ(run.at("waiting").at("sum").at("amount"), 94050);

    auto const paid = entry("COLLECTED1", "FT9", 94050, "2026-11-23 09:00:00", "PAYOS thanh toan lo PAYOS20261122");
    EXPECT_EQ(import("bank", provider, "2026-11-23", statement("COLLECTED1", day.plus_days(1), 0, {paid})).status, 201);
    run = run_ok(provider, today);
    EXPECT_EQ(run.at("matched").at("count"), 3);
    EXPECT_EQ(run.at("waiting").at("count"), 0);
    EXPECT_EQ(run.at("breaks").size(), 0) << run;
    EXPECT_EQ(sql().value("SELECT count(*) FROM recon_break"), "0");
    EXPECT_EQ(sql().value("SELECT count(*) FROM event WHERE type = 'recon.run_finished'"), "2");
}

TEST_F(ReconRunTest, WhatTheProviderMissesAndWhatWeMiss)
{
    add_credit({collected, provider, "FT1/aa", "FT1", "CQ000001", 45000, "2026-11-22 10:00:00"});
    add_credit({collected, provider, "FT2/bb", "FT2", "CQ000002", 30000, "2026-11-22 11:00:00"});
    auto const file = statements::write_provider_csv(
        {line(1, "FT1/aa", "CQ000001", 45500, "2026-11-22 10:00:00"), line(2, "FT7/gg", "", 7000, "2026-11-22 15:00:00")});
    EXPECT_EQ(import("provider", provider, today, file).status, 201);
    auto const run = run_ok(provider, today);
    std::map<std::string, std::int64_t> deltas;
    for (auto const& b : run.at("breaks")) deltas[b.at("class")] = b.at("delta").at("amount");
    EXPECT_EQ(deltas,
              (std::map<std::string, std::int64_t>{{"AMOUNT_MISMATCH", 500}, {"MISSING_AT_PROVIDER", -30000}, {"MISSING_INTERNAL", 7000}}));
    auto const missing = breaks("class=MISSING_INTERNAL&state=open&date=" + today);
    ASSERT_EQ(missing.size(), 1);
    EXPECT_EQ(missing[0].at("owner"), "operations");
    EXPECT_EQ(missing[0].at("partner"), rla(provider));
    EXPECT_EQ(missing[0].at("age_days"), 0);  // in working days since its file was due
    ASSERT_EQ(missing[0].at("records").size(), 1);
    EXPECT_EQ(missing[0].at("records")[0].at("reference"), "FT7/gg");
    EXPECT_EQ(breaks("class=MISSING_INTERNAL&state=auto_resolved").size(), 0);
}

// Straight to the account: by order code, and nameless money by the bank's reference. Missing money waits, then is a break
// that stays the same however often the day is run, and closes by itself when a corrected statement has it.
TEST_F(ReconRunTest, ADayAtTheBankAndTheLifeOfABreak)
{
    add_credit({direct, bank, "v-1", "FT1", "CQ000001", 45000, "2026-11-22 10:00:00"});
    add_credit({direct, provider, "FT2/bb", "FT2", "", 30000, "2026-11-22 11:00:00"});
    add_credit({direct, bank, "v-3", "FT3", "CQ000003", 20000, "2026-11-22 12:00:00"});
    auto const coded = entry("DIRECT1", "FT1", 45000, "2026-11-22 10:00:00", "MBVCB.1.CQ000001.thanh toan");
    auto const nameless = entry("DIRECT1", "FT2", 30000, "2026-11-22 11:00:00", "tien rau");
    auto const late = entry("DIRECT1", "FT3", 20000, "2026-11-22 12:00:00", "CQ000003");
    EXPECT_EQ(import("bank", bank, today, statement("DIRECT1", day, 1000, {coded, nameless})).status, 201);
    auto run = run_ok(bank, today);
    EXPECT_EQ(run.at("matched").at("count"), 2);
    EXPECT_EQ(run.at("waiting").at("count"), 1);
    EXPECT_EQ(run.at("waiting").at("sum").at("amount"), 20000);
    EXPECT_EQ(run.at("breaks").size(), 0) << run;

    set_time("2026-11-23T19:00:00Z");
    EXPECT_EQ(import("bank", bank, "2026-11-23", statement("DIRECT1", day.plus_days(1), 76000, {})).status, 201);
    run = run_ok(bank, today);
    ASSERT_EQ(run.at("breaks").size(), 1) << run;
    EXPECT_EQ(run.at("breaks")[0].at("class"), "MISSING_AT_BANK");
    EXPECT_EQ(run.at("breaks")[0].at("delta").at("amount"), -20000);
    auto const open = breaks("date=" + today);
    ASSERT_EQ(open.size(), 1);
    EXPECT_EQ(open[0].at("state").at("name"), "open");
    EXPECT_EQ(open[0].at("version"), 1);

    set_time("2026-11-23T20:00:00Z");
    (void)run_ok(bank, today);
    EXPECT_EQ(breaks("date=" + today), open);

    // The bank sends both days again, with what it had left out.
    EXPECT_EQ(body_of(import("bank", bank, "2026-11-23", statement("DIRECT1", day.plus_days(1), 96000, {}), 2)).at("result"),
              "file_integrity");
    sql().run("UPDATE recon_file SET in_force = false WHERE business_date = '2026-11-23'");
    EXPECT_EQ(body_of(import("bank", bank, today, statement("DIRECT1", day, 1000, {coded, nameless, late}), 2)).at("result"), "supersedes");
    run = run_ok(bank, today);
    EXPECT_EQ(run.at("matched").at("count"), 3);
    EXPECT_EQ(run.at("breaks").size(), 0) << run;
    auto const closed = breaks("date=" + today);
    ASSERT_EQ(closed.size(), 1);
    EXPECT_EQ(closed[0].at("id"), open[0].at("id"));
    EXPECT_EQ(closed[0].at("state").at("name"), "auto_resolved");
    EXPECT_TRUE(closed[0].at("state").at("finished").get<bool>());
}

TEST_F(ReconRunTest, MoneyNobodyKnowsIsABreakOfItsDayOnly)
{
    auto const strange = entry("DIRECT1", "FT5", 5000, "2026-11-22 10:00:00", "khong ro");
    EXPECT_EQ(import("bank", bank, today, statement("DIRECT1", day, 0, {strange})).status, 201);
    auto const run = run_ok(bank, today);
    ASSERT_EQ(run.at("breaks").size(), 1) << run;
    EXPECT_EQ(run.at("breaks")[0].at("class"), "BANK_UNIDENTIFIED");
    EXPECT_EQ(run_ok(bank, "2026-11-21").at("breaks").size(), 0);
    EXPECT_EQ(breaks("").size(), 1);
    EXPECT_EQ(breaks("").at(0).at("state").at("name"), "open");  // the other day's run did not close it
}

TEST_F(ReconRunTest, AHeldFileIsABreakThatARevisionCloses)
{
    EXPECT_EQ(
        import("provider", provider, today, statements::write_provider_csv({line(1, "FT1/aa", "", 1000, "2026-11-22 10:00:00")})).status,
        201);
    EXPECT_EQ(
        import("provider", provider, today, statements::write_provider_csv({line(1, "FT2/aa", "", 1000, "2026-11-22 10:00:00")})).status,
        201);
    (void)run_ok(provider, today);
    EXPECT_EQ(breaks("class=FILE_CONFLICT&state=open").size(), 1);
    set_time("2026-11-23T02:10:00Z");
    EXPECT_EQ(
        import("provider", provider, today, statements::write_provider_csv({line(1, "FT3/aa", "", 1000, "2026-11-22 10:00:00")}), 2).status,
        201);
    (void)run_ok(provider, today);
    EXPECT_EQ(breaks("class=FILE_CONFLICT&state=open").size(), 0);
    EXPECT_EQ(breaks("class=FILE_CONFLICT&state=auto_resolved").size(), 1);
}

TEST_F(ReconRunTest, AnEquationThatFailsStopsTheRunAndWritesNothing)
{
    auto bytes = statement("DIRECT1", day, 1000, {entry("DIRECT1", "FT1", 5000, "2026-11-22 10:00:00", "")});
    bytes.replace(bytes.find(">6000"), 5, ">6001");
    EXPECT_EQ(body_of(import("bank", bank, today, bytes)).at("result"), "file_integrity");
    sql().run("UPDATE recon_file SET in_force = true");  // as if it had slipped through
    auto const answer = run(bank, today);
    EXPECT_EQ(answer.status, 409) << answer.body_text();
    auto const problem = body_of(answer);
    EXPECT_EQ(problem.at("code"), "equation_failed");
    EXPECT_NE(problem.at("detail").get<std::string>().find("bank days"), std::string::npos) << problem;
    EXPECT_EQ(sql().value("SELECT count(*) FROM recon_run"), "0");
    EXPECT_EQ(sql().value("SELECT count(*) FROM recon_break"), "0");
    EXPECT_EQ(sql().value("SELECT count(*) FROM audit_entry WHERE act = 'recon_runs.create' AND outcome = 'equation_failed'"), "1");
}

TEST_F(ReconRunTest, TheDaySheetShowsFilesAndTheNewestRun)
{
    auto const path = "/v1/recon/days/" + today;
    EXPECT_EQ(body_of(call(http::Method::get, path)).at("partners").size(), 0);
    auto const file = statements::write_provider_csv({line(1, "FT1/aa", "", 1000, "2026-11-22 10:00:00")});
    EXPECT_EQ(import("provider", provider, today, file).status, 201);
    auto sheet = body_of(call(http::Method::get, path));
    ASSERT_EQ(sheet.at("partners").size(), 1);
    EXPECT_TRUE(sheet.at("partners")[0].at("run").is_null());
    auto const first = run_ok(provider, today);
    set_time("2026-11-23T02:30:00Z");
    auto const second = run_ok(provider, today);
    EXPECT_NE(first.at("id"), second.at("id"));
    sheet = body_of(call(http::Method::get, path + "?partner=" + rla(provider)));
    EXPECT_EQ(sheet.at("files").size(), 1);
    EXPECT_EQ(sheet.at("partners")[0].at("run"), second.at("id"));
    EXPECT_EQ(sheet.at("partners")[0].at("breaks"), second.at("breaks"));
    EXPECT_EQ(call(http::Method::get, path + "?partner=" + rla(market)).status, 404);
}

}  // namespace
}  // namespace cho40::tests
