#include "tests/integration/reconcile/fixture.h"

namespace cho40::tests {
namespace {

std::string day_file(std::string const& txn = "FT1/a", int amount = 45000)
{
    reconcile::ProviderLine l;
    l.file_id = "F";
    l.line_no = 1;
    l.at = *parse_local_time("2026-11-22 10:00:00");
    l.business_date = Day::of(l.at);
    l.provider_txn_id = txn;
    l.amount = l.net = Dong(amount);
    l.settlement_date = l.business_date;
    return statements::write_provider_csv({l});
}

TEST_F(ReconTest, SameBytesAreOneFile)
{
    auto const first = import("provider", provider, today, day_file());
    ASSERT_EQ(first.status, 201) << first.body_text();
    auto const made = body_of(first);
    EXPECT_EQ(made.at("result"), "accepted");
    EXPECT_EQ(made.at("lines"), 1);
    EXPECT_EQ(made.at("sum").at("amount"), 45000);
    EXPECT_EQ(made.at("source"), rla(provider));
    EXPECT_EQ(made.at("sha256"), to_hex(sha256(day_file())));
    EXPECT_EQ(made.at("errors").size(), 0);

    auto const again = import("provider", provider, today, day_file());
    EXPECT_EQ(again.status, 200) << again.body_text();
    EXPECT_EQ(body_of(again).at("result"), "duplicate_file");
    EXPECT_EQ(body_of(again).at("id"), made.at("id"));
    EXPECT_EQ(sql().value("SELECT count(*) FROM recon_file"), "1");
    EXPECT_EQ(sql().value("SELECT encode(sha256, 'hex') = encode(sha256(bytes), 'hex') FROM recon_file"), "t");
}

TEST_F(ReconTest, SameKeyGivesTheSameAnswer)
{
    idempotency_key = "recon-test-key-once";
    auto const first = import("provider", provider, today, day_file());
    auto const again = import("provider", provider, today, day_file());
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(first.body_text(), again.body_text());
    EXPECT_EQ(again.headers.get("Idempotent-Replayed"), "true");
}

TEST_F(ReconTest, OtherBytesOfTheSameDayAreHeldUntilARevisionComes)
{
    EXPECT_EQ(body_of(import("provider", provider, today, day_file())).at("result"), "accepted");
    auto const other = import("provider", provider, today, day_file("FT2/b"));
    EXPECT_EQ(other.status, 201) << other.body_text();
    EXPECT_EQ(body_of(other).at("result"), "file_conflict");
    EXPECT_EQ(body_of(other).at("errors").at(0).at("code"), "file_conflict");
    EXPECT_EQ(sql().value("SELECT string_agg(result, ',' ORDER BY received_at, file_id) FROM recon_file WHERE in_force"), "ACCEPTED");
    EXPECT_EQ(body_of(import("provider", provider, today, day_file("FT3/c"), 2)).at("result"), "supersedes");
    EXPECT_EQ(sql().value("SELECT string_agg(revision::text, ',') FROM recon_file WHERE in_force"), "2");
    EXPECT_EQ(sql().value("SELECT count(*) FROM recon_file"), "3");
}

TEST_F(ReconTest, FilesOfTwoPartnersDoNotMeet)
{
    sql().run("INSERT INTO rail_account (book_id, rail_account_id, rail, name, channel, sealed_secret, created_at) VALUES "
              "(77, '0193a000-0000-7000-8000-000000000009', 'payos', 'OTHER', 1, '', now())");
    EXPECT_EQ(body_of(import("provider", provider, today, day_file())).at("result"), "accepted");
    EXPECT_EQ(body_of(import("provider", "0193a000-0000-7000-8000-000000000009", today, day_file("FT9/z"))).at("result"), "accepted");
}

TEST_F(ReconTest, LateFilesSaySo)
{
    set_time("2026-11-23T03:00:01Z");  // due at 10:00 local
    EXPECT_EQ(body_of(import("provider", provider, today, day_file())).at("result"), "accepted_late");
}

TEST_F(ReconTest, SumsThatDoNotAgreeAreKeptAndNotApplied)
{
    auto bytes = statement("DIRECT1", day, 1000, {entry("DIRECT1", "FT1", 5000, "2026-11-22 10:00:00", "")});
    auto const closing = bytes.find(">6000");
    ASSERT_NE(closing, bytes.npos) << bytes;
    bytes.replace(closing, 5, ">6001");
    auto const answer = import("bank", bank, today, bytes);
    EXPECT_EQ(answer.status, 201) << answer.body_text();
    EXPECT_EQ(body_of(answer).at("result"), "file_integrity");
    EXPECT_EQ(sql().value("SELECT in_force FROM recon_file"), "f");
}

TEST_F(ReconTest, AnAmountBelowZeroIsDamage)
{
    EXPECT_EQ(body_of(import("provider", provider, today, day_file("FT1/a", -5))).at("result"), "file_integrity");
}

TEST_F(ReconTest, AStatementMustContinueTheOneBefore)
{
    EXPECT_EQ(body_of(import("bank", bank, today, statement("DIRECT1", day, 1000, {}))).at("result"), "accepted");
    auto const next = import("bank", bank, "2026-11-23", statement("DIRECT1", day.plus_days(1), 1001, {}));
    EXPECT_EQ(body_of(next).at("result"), "file_integrity");
}

TEST_F(ReconTest, WrongFilesAreRefusedAndLeaveNothing)
{
    auto const good_bank = statement("DIRECT1", day, 0, {});
    auto with_point = day_file();
    with_point.replace(with_point.find("45000"), 5, "45.000");
    struct Row {
        char const* what;
        std::string side, partner, bytes, date;
        int status;
        char const* code;
        char const* where = nullptr;
    };
    Row const rows[] = {
        {"text as a statement", "bank", bank, "hello", today, 422, "xml_malformed", "line "},
        {"provider file as a statement", "bank", bank, day_file(), today, 422, "xml_malformed", "line "},
        {"another XML", "bank", bank, "<?xml version=\"1.0\"?><invoice/>", today, 422, "xml_malformed", "line "},
        {"document type", "bank", bank, "<?xml version=\"1.0\"?><!DOCTYPE a [<!ENTITY b \"c\">]><Document>&b;</Document>", today, 422,
         "xml_forbidden", "line "},
        {"no statement", "bank", bank,
         "<?xml version=\"1.0\"?><Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.053.001.08\"><BkToCstmrStmt></BkToCstmrStmt></Document>",
         today, 422, "statement_missing", "line "},
        {"statement as a provider file", "provider", provider, good_bank, today, 422, "invalid_csv"},
        {"another account", "bank", bank, statement("SOMEONE1", day, 0, {}), today, 422, "unknown_receiving_account", "line "},
        {"another day", "bank", bank, good_bank, "2026-11-21", 422, "invalid_date", "line "},
        {"provider file of another day", "provider", provider, day_file(), "2026-11-21", 422, "invalid_date", "line 2"},
        {"provider file of a direct account", "provider", bank, day_file(), today, 422, "invalid_input", "#query/side"},
        {"an amount with a point", "provider", provider, with_point, today, 422, "invalid_input", "line 2"},
        {"not UTF-8", "provider", provider, day_file("FT\xff"), today, 422, "invalid_utf8"},
        {"a NUL byte", "provider", provider, day_file(std::string("FT\0x", 4)), today, 422, "invalid_csv", "line 2"},
        {"nobody's", "provider", market, day_file(), today, 404, "not_found"},
        {"no day", "provider", provider, day_file(), "2026-13-01", 422, "invalid_date"},
    };
    for (auto const& row : rows) {
        auto const answer = import(row.side, row.partner, row.date, row.bytes);
        EXPECT_EQ(answer.status, row.status) << row.what << ": " << answer.body_text();
        auto const problem = body_of(answer);
        EXPECT_EQ(problem.value("code", ""), row.code) << row.what << ": " << answer.body_text();
        if (row.where == nullptr) continue;
        ASSERT_TRUE(problem.contains("errors")) << row.what << ": " << answer.body_text();
        EXPECT_TRUE(problem.at("errors").at(0).at("pointer").get<std::string>().starts_with(row.where))
            << row.what << ": " << answer.body_text();
    }
    EXPECT_EQ(call(http::Method::post, "/v1/recon/files?side=bank&source=" + rla(bank) + "&date=" + today, good_bank, "image/png").status,
              415);
    EXPECT_EQ(sql().value("SELECT count(*) FROM recon_file"), "0");
    EXPECT_EQ(sql().value("SELECT count(*) FROM idempotency"), "0");
}

TEST_F(ReconTest, OnlyThoseWhoMay)
{
    key = make_key({"recon:read"}, Uuid());
    EXPECT_EQ(import("provider", provider, today, day_file()).status, 403);
    key = make_key({"recon:read", "recon:write"}, make_uuid7(clock_.at, system_random()));  // of another market
    EXPECT_EQ(import("provider", provider, today, day_file()).status, 404);
    EXPECT_EQ(run(provider, today).status, 404);
    EXPECT_EQ(breaks("").size(), 0);
    key = Secret("ck_live_nothing");
    EXPECT_EQ(import("provider", provider, today, day_file()).status, 401);
    EXPECT_EQ(sql().value("SELECT count(*) FROM recon_file"), "0");
}

}  // namespace
}  // namespace cho40::tests
