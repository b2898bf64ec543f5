#include "tests/integration/identity/fixture.h"
#include "tests/support/source_tree.h"
#include <filesystem>
#include <fstream>
#include <regex>

namespace cho40::tests {
namespace {

using http::Method;
using identity::Grant;
using identity::Role;
using nlohmann::json;

class AuditTest : public IdentityTest {};

TEST_F(AuditTest, WhoLookedAndWhoWasRefused)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    add_person(service, "officer", {Grant{Role::tax_officer, {}}});
    auto const officer = sign_in(service, "officer");
    EXPECT_EQ(service.answer(as(officer, request(Method::get, "/v1/audit"))).status, 403);
    auto const household = make_uuid7(clock_.now(), system_random());
    identity::Principal who = loop_.run(service.sign_ins.authenticate(officer.cookie)).value();
    ASSERT_TRUE(loop_.run(service.trail.looked(ledger::BookId{7}, who, "req_look", identity::AuditTarget{"hh", household})));

    auto const op = sign_in(service, "operator");
    auto const looked = json::parse(service
                                        .answer(as(op,
                                                   [&] {
                                                       auto r = request(Method::get, "/v1/audit?act=looked");
                                                       r.query = {{"act", "looked"}};
                                                       return r;
                                                   }()))
                                        .body_text());
    ASSERT_EQ(looked.at("data").size(), 1U) << looked.dump();
    auto const& entry = looked.at("data")[0];
    EXPECT_EQ(entry.at("actor").at("id"), officer.id);
    EXPECT_EQ(entry.at("actor").at("name"), "Bà Thế");
    EXPECT_EQ(entry.at("actor").at("role"), "tax_officer");
    EXPECT_EQ(entry.at("resource"), http::id_text("hh", household));
    EXPECT_EQ(entry.at("outcome"), "done");
    EXPECT_EQ(entry.at("reason"), nullptr);

    auto asks = request(Method::get, "/v1/audit");
    asks.query = {{"act", "audit.list"}};
    auto const refused = json::parse(service.answer(as(op, asks)).body_text());
    ASSERT_EQ(refused.at("data").size(), 1U);
    EXPECT_EQ(refused.at("data")[0].at("outcome"), "denied");
}

TEST_F(AuditTest, PagesNeitherRepeatNorLoseWhileEntriesCome)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    auto const op = sign_in(service, "operator");
    for (int i = 0; i < 7; ++i) {
        identity::Principal nobody;
        ASSERT_TRUE(loop_.run(service.trail.looked(ledger::BookId{0}, nobody, "req_" + std::to_string(i), {})));
    }
    std::vector<std::string> seen;
    std::optional<std::string> cursor;
    for (int page = 0; page < 10; ++page) {
        auto r = request(Method::get, "/v1/audit");
        r.query = {{"act", "looked"}, {"limit", "3"}};
        if (cursor) r.query.push_back({"cursor", *cursor});
        auto const response = service.answer(as(op, r));
        ASSERT_EQ(response.status, 200) << response.body_text();
        auto const body = json::parse(response.body_text());
        for (auto const& e : body.at("data")) seen.push_back(e.at("request_id").get<std::string>());
        // New ones arrive at the front while the reader turns the page.
        ASSERT_TRUE(loop_.run(service.trail.looked(ledger::BookId{0}, identity::Principal(), "req_new", {})));
        if (!body.at("page").at("has_more").get<bool>()) break;
        EXPECT_NE(response.headers.get("Link").find("rel=\"next\""), std::string_view::npos);
        cursor = body.at("page").at("next").get<std::string>();
    }
    // Newest first; two of one millisecond may stand either way round, but each stands once.
    std::ranges::sort(seen);
    EXPECT_EQ(seen, (std::vector<std::string>{"req_0", "req_1", "req_2", "req_3", "req_4", "req_5", "req_6"}));

    auto other = request(Method::get, "/v1/audit");
    other.query = {{"act", "effect"}, {"cursor", *cursor}};
    EXPECT_EQ(json::parse(service.answer(as(op, other)).body_text()).at("code"), "cursor_mismatch");
    other.query = {{"cursor", *cursor + "x"}};
    EXPECT_EQ(json::parse(service.answer(as(op, other)).body_text()).at("code"), "invalid_cursor");
    other.query = {{"limit", "201"}};
    EXPECT_EQ(service.answer(as(op, other)).status, 422);
    other.query = {{"colour", "red"}};
    EXPECT_EQ(service.answer(as(op, other)).status, 422);
}

// The trail is only ever inserted into: no statement of the program changes or deletes its rows.
TEST_F(AuditTest, NothingInTheProgramChangesOrDeletesEntries)
{
    namespace fs = std::filesystem;
    std::regex const forbidden(R"((UPDATE|DELETE\s+FROM|TRUNCATE)\s+(TABLE\s+)?(ONLY\s+)?audit_entry)", std::regex::icase);
    int files = 0;
    for (auto const* folder : {"adapters", "apps", "ledger", "merchants", "fees", "etax", "reconcile", "qr-pay", "deploy"}) {
        auto const root = tests::source_tree() / folder;
        if (!fs::exists(root)) continue;
        for (auto const& file : fs::recursive_directory_iterator(root)) {
            auto const extension = file.path().extension();
            if (!file.is_regular_file() || (extension != ".cpp" && extension != ".h" && extension != ".sql")) continue;
            std::ifstream in(file.path());
            std::string const text(std::istreambuf_iterator<char>(in), {});
            EXPECT_FALSE(std::regex_search(text, forbidden)) << file.path();
            ++files;
        }
    }
    EXPECT_GT(files, 50);
    EXPECT_TRUE(std::regex_search("update audit_entry set", forbidden));
}

}  // namespace
}  // namespace cho40::tests
