#include "adapters/http/cookies.h"
#include "adapters/identity/gate.h"
#include "adapters/identity/sign_ins.h"
#include "tests/support/run.h"
#include "tests/support/source_tree.h"
#include "tests/unit/adapters/identity/fakes.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::identity::tests {
namespace {

using cho40::tests::run;
using http::Method;

struct Operation {
    std::string id;
    Method method;
};

// All operations of the document with their methods, so that a new one is tested without being named here.
std::vector<Operation> operations()
{
    std::ifstream file(cho40::tests::source_tree() / "adapters/api/openapi.json");
    auto const document = nlohmann::json::parse(file);
    std::vector<Operation> found;
    for (auto const& [path, methods] : document.at("paths").items()) {
        for (auto const& [method, operation] : methods.items()) {
            if (!operation.is_object() || !operation.contains("operationId")) continue;
            auto name = method;
            for (auto& c : name) c = static_cast<char>(c - 'a' + 'A');
            found.push_back(Operation{operation.at("operationId").get<std::string>(), http::method_from(name)});
        }
    }
    return found;
}

class GateTest : public testing::Test {
protected:
    struct Caller {
        std::string cookie;
        std::string csrf;
        std::string bearer;
    };

    Caller person(std::vector<Grant> grants)
    {
        UserRecord user;
        user.login = "user" + std::to_string(100 + people_.users.size());
        user.id = Id<User>(make_derived_uuid({user.login}));
        user.grants = std::move(grants);
        people_.users.push_back(user);
        Caller caller;
        caller.cookie = to_hex(sha256(user.login));
        caller.csrf = "csrf-" + user.login;
        SignInRecord record;
        record.token_hash = sha256(caller.cookie);
        record.user = user.id;
        record.csrf_token = caller.csrf;
        record.created_at = record.seen_at = clock_.now();
        record.expires_at = clock_.now() + std::chrono::hours(2);
        people_.sign_ins.push_back(record);
        return caller;
    }

    Caller key(std::vector<std::string> scopes)
    {
        KeyWish wish;
        wish.name = "machine";
        wish.scopes = std::move(scopes);
        auto const made = make_key(std::move(wish), installation_, clock_.now(), system_random()).value();
        people_.keys.push_back(made.record);
        Caller caller;
        caller.bearer = made.text.expose();
        return caller;
    }

    static http::Request request(Operation const& operation, Caller const& caller, bool with_csrf = true)
    {
        http::Request r;
        r.method = operation.method;
        r.operation_id = operation.id;
        r.request_id = "req_test";
        if (!caller.cookie.empty()) r.cookies.push_back({std::string(http::session_cookie), caller.cookie});
        if (!caller.bearer.empty()) r.headers.add("Authorization", "Bearer " + caller.bearer);
        if (with_csrf && !caller.csrf.empty()) r.headers.add(std::string(http::csrf_header), caller.csrf);
        return r;
    }

    std::optional<Errc> refusal(http::Request r)
    {
        auto const admitted = run(gate_.admit(std::move(r)));
        if (admitted) return std::nullopt;
        return admitted.error().code;
    }
    std::optional<Errc> refusal(Operation const& operation, Caller const& caller) { return refusal(request(operation, caller)); }

    boost::asio::thread_pool pool_{1};
    boost::asio::io_context loop_{1};
    HandClock clock_;
    MemoryPeople people_;
    RowLedger ledger_;
    InstallationKey installation_ = InstallationKey::parse(std::string(64, 'a')).value();
    Passwords passwords_{loop_.get_executor(), pool_, cheap()};
    AuditTrail audit_{ledger_, clock_, system_random()};
    SignIns sign_ins_{people_, passwords_, clock_, system_random()};
    ApiKeys keys_{people_, installation_, clock_};
    Gate gate_{sign_ins_, keys_, audit_};
};

TEST_F(GateTest, OpenOperationsAskNobody)
{
    for (auto const& operation : operations()) {
        if (need_of(operation.id)->access != Access::open) continue;
        auto const admitted = run(gate_.admit(request(operation, Caller())));
        ASSERT_TRUE(admitted) << operation.id;
        EXPECT_EQ(admitted->kind, Principal::Kind::anonymous);
        // A broken credential is no reason to shut a citizen out.
        Caller nonsense;
        nonsense.bearer = "nonsense";
        EXPECT_EQ(refusal(operation, nonsense), std::nullopt) << operation.id;
    }
}

// The table of denials: every operation that is not open, every way of not being allowed.
TEST_F(GateTest, EveryDenialOfEveryOperation)
{
    auto const nobody = Caller();
    auto const without_role = person({});
    auto expired = person({Grant{Role::operator_, {}}, Grant{Role::vendor, numbered(1)}, Grant{Role::agency, numbered(2)}});
    people_.sign_ins.back().expires_at = clock_.now();
    auto unknown = expired;
    unknown.cookie = std::string(64, '0');
    auto ended = person({Grant{Role::operator_, {}}});
    people_.sign_ins.back().ended_at = clock_.now();
    std::vector<std::string> all_scopes;
    for (auto const scope : known_scopes()) all_scopes.emplace_back(scope);
    auto const all_powerful_key = key(all_scopes);
    auto const revoked_key = key(all_scopes);
    people_.keys.back().revoked_at = clock_.now();
    auto unknown_key = all_powerful_key;
    unknown_key.bearer = "ck_live_" + std::string(64, '0');

    int denials = 0;
    for (auto const& operation : operations()) {
        auto const& need = *need_of(operation.id);
        if (need.access == Access::open) continue;
        auto const expect = [&](char const* why, std::optional<Errc> wanted, std::optional<Errc> got) {
            EXPECT_EQ(got, wanted) << operation.id << ": " << why;
            if (wanted) ++denials;
        };
        expect("nobody signed in", Errc::unauthenticated, refusal(operation, nobody));
        expect("cookie nobody knows", Errc::unauthenticated, refusal(operation, unknown));
        expect("sign-in has run out", Errc::login_expired, refusal(operation, expired));
        expect("signed out", Errc::login_expired, refusal(operation, ended));
        expect("key nobody knows", Errc::unauthenticated, refusal(operation, unknown_key));
        expect("revoked key", Errc::key_revoked, refusal(operation, revoked_key));

        bool const people_only = need.access == Access::person;
        expect("no role at all", people_only ? std::nullopt : std::optional(Errc::forbidden), refusal(operation, without_role));
        for (auto const role : all_roles) {
            auto const caller = person({Grant{role, numbered(9)}});
            bool const allowed = people_only || need.roles.has(role);
            expect(std::string(role_name(role)).c_str(), allowed ? std::nullopt : std::optional(Errc::forbidden),
                   refusal(operation, caller));
            if (!allowed || http::is_safe(operation.method)) continue;
            expect("no CSRF token", Errc::csrf_failed, refusal(request(operation, caller, false)));
            auto wrong = caller;
            wrong.csrf += "x";
            expect("wrong CSRF token", Errc::csrf_failed, refusal(operation, wrong));
        }

        bool const never_a_key = need.scope.empty();
        expect("key with all scopes", never_a_key ? std::optional(Errc::forbidden) : std::nullopt, refusal(operation, all_powerful_key));
        if (never_a_key) continue;
        std::vector<std::string> others;
        for (auto const& scope : all_scopes) {
            if (scope != need.scope) others.push_back(scope);
        }
        expect("key without the scope", Errc::scope_missing, refusal(operation, key(others)));
        expect("key with just the scope", std::nullopt, refusal(operation, key({std::string(need.scope)})));
    }
    EXPECT_GT(denials, 300);
}

TEST_F(GateTest, RefusalsOfKnownPeopleAreOnTheTrail)
{
    auto const vendor = person({Grant{Role::vendor, numbered(1)}});
    EXPECT_EQ(refusal(Operation{"audit.list", Method::get}, vendor), Errc::forbidden);
    auto const entries = ledger_.all<AuditEntry>();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0]->act, "audit.list");
    EXPECT_EQ(entries[0]->outcome, "forbidden");
    EXPECT_EQ(entries[0]->actor, people_.users.back().id.uuid);
    EXPECT_EQ(entries[0]->request_id, "req_test");
    EXPECT_EQ(entries[0]->role, Role::vendor);
    EXPECT_EQ(refusal(Operation{"audit.list", Method::get}, Caller()), Errc::unauthenticated);
    EXPECT_EQ(ledger_.rows.size(), 1U) << "strangers cannot fill the trail";
}

TEST_F(GateTest, ARefusalStandsWhenTheTrailCannotBeWritten)
{
    ledger_.broken = Errc::writer_lost;
    EXPECT_EQ(refusal(Operation{"audit.list", Method::get}, person({Grant{Role::vendor, numbered(1)}})), Errc::forbidden);
}

TEST_F(GateTest, ARouteWithoutARowIsClosed)
{
    EXPECT_EQ(refusal(Operation{"payments.destroy", Method::post}, person({Grant{Role::operator_, {}}})), Errc::forbidden);
}

TEST_F(GateTest, TheHeaderCountsBeforeTheCookie)
{
    Operation const read{"payments.list", Method::get};
    auto both = person({Grant{Role::vendor, numbered(1)}});
    both.bearer = key({"payments:read"}).bearer;
    auto const admitted = run(gate_.admit(request(read, both)));
    ASSERT_TRUE(admitted);
    EXPECT_TRUE(admitted->is_key());
    both.bearer = "ck_live_wrong";
    EXPECT_EQ(refusal(read, both), Errc::unauthenticated) << "a wrong key is not made good by a cookie";

    for (auto const* header : {"Basic YTpi", "Bearer", "Bearer ", "ck_live_x", ""}) {
        auto r = request(read, Caller());
        r.headers.add("Authorization", header);
        EXPECT_EQ(refusal(std::move(r)), Errc::unauthenticated) << header;
    }
    auto twice = request(read, both);
    twice.headers.add("Authorization", "Bearer " + key({"payments:read"}).bearer);
    EXPECT_EQ(refusal(std::move(twice)), Errc::unauthenticated);
}

TEST_F(GateTest, KeysNeedNoCsrfToken)
{
    EXPECT_EQ(refusal(Operation{"payments.create", Method::post}, key({"payments:write"})), std::nullopt);
}

TEST_F(GateTest, OnlyTheGrantsThatOpenTheDoorComeIn)
{
    auto const both = person({Grant{Role::tax_officer, {}}, Grant{Role::vendor, numbered(1)}});
    auto const selling = run(gate_.admit(request(Operation{"payments.create", Method::post}, both))).value();
    EXPECT_EQ(selling.grants, (std::vector<Grant>{Grant{Role::vendor, numbered(1)}}));
    EXPECT_FALSE(may_act_for(selling, Place::stall(numbered(2), numbered(50)))) << "the officer's province is not the vendor's";
    auto const looking = run(gate_.admit(request(Operation{"tax_households.list", Method::get}, both))).value();
    EXPECT_EQ(looking.grants, (std::vector<Grant>{Grant{Role::tax_officer, {}}}));
    auto const me = run(gate_.admit(request(Operation{"me.read", Method::get}, both))).value();
    EXPECT_EQ(me.grants.size(), 2U);
}

TEST_F(GateTest, WhoIsThereNeverFails)
{
    EXPECT_EQ(run(gate_.who(request(Operation{"pages.home", Method::get}, Caller()))).kind, Principal::Kind::anonymous);
    EXPECT_TRUE(run(gate_.who(request(Operation{"pages.home", Method::get}, person({})))).is_user());
}

// Places. Stall 1 and stall 2 lie in market 50, stall 3 in market 51.
struct Reach {
    char const* what;
    Grant grant;
    Place place;
    bool allowed;
};

TEST(MayActFor, Table)
{
    auto const stall1 = Place::stall(numbered(1), numbered(50));
    auto const stall3 = Place::stall(numbered(3), numbered(51));
    Uuid const nil;
    Reach const table[] = {
        {"vendor, own stall", {Role::vendor, numbered(1)}, stall1, true},
        {"vendor, other stall", {Role::vendor, numbered(2)}, stall1, false},
        {"vendor without a stall", {Role::vendor, nil}, stall1, false},
        {"vendor, her market", {Role::vendor, numbered(50)}, Place::market_of(numbered(50)), false},
        {"vendor, market id as scope", {Role::vendor, numbered(50)}, stall1, false},
        {"staff, own stall", {Role::vendor_staff, numbered(1)}, stall1, true},
        {"staff, other stall", {Role::vendor_staff, numbered(3)}, stall1, false},
        {"board, stall in its market", {Role::market_board, numbered(50)}, stall1, true},
        {"board, stall elsewhere", {Role::market_board, numbered(50)}, stall3, false},
        {"board, own market", {Role::market_board, numbered(50)}, Place::market_of(numbered(50)), true},
        {"board, other market", {Role::market_board, numbered(51)}, Place::market_of(numbered(50)), false},
        {"board of all markets", {Role::market_board, nil}, stall3, true},
        {"board, an agency", {Role::market_board, nil}, Place::agency(numbered(4)), false},
        {"agency, itself", {Role::agency, numbered(4)}, Place::agency(numbered(4)), true},
        {"agency, another", {Role::agency, numbered(4)}, Place::agency(numbered(5)), false},
        {"agency without a scope", {Role::agency, nil}, Place::agency(numbered(4)), false},
        {"agency, a stall", {Role::agency, numbered(1)}, stall1, false},
        {"tax office, itself", {Role::tax_officer, numbered(6)}, Place::tax_office(numbered(6)), true},
        {"tax office, another", {Role::tax_officer, numbered(6)}, Place::tax_office(numbered(7)), false},
        {"tax office of the province", {Role::tax_officer, nil}, Place::tax_office(numbered(7)), true},
        {"operator, all", {Role::operator_, nil}, stall1, true},
        {"operator, the province", {Role::operator_, nil}, Place::province(), true},
        {"operator of one market, inside", {Role::operator_, numbered(50)}, stall1, true},
        {"operator of one market, outside", {Role::operator_, numbered(50)}, stall3, false},
        {"operator of one market, the province", {Role::operator_, numbered(50)}, Place::province(), false},
        {"board, the province", {Role::market_board, nil}, Place::province(), false},
    };
    for (auto const& row : table) {
        Principal principal;
        principal.kind = Principal::Kind::user;
        principal.grants = {row.grant};
        auto const may = may_act_for(principal, row.place);
        EXPECT_EQ(may.has_value(), row.allowed) << row.what;
        if (!may) EXPECT_EQ(may.error().code, Errc::not_found) << row.what << ": not yours looks like not there";
    }
    EXPECT_FALSE(may_act_for(Principal(), stall1));
}

TEST(IsOwner, WhatIsSomebodysIsTheirsAndOperatorsLookOn)
{
    Principal principal;
    principal.kind = Principal::Kind::api_key;
    principal.owner = numbered(1);
    EXPECT_TRUE(is_owner(principal, numbered(1)));
    EXPECT_TRUE(is_owner(principal, Uuid{})) << "nobody's in particular";
    EXPECT_EQ(is_owner(principal, numbered(2)).error().code, Errc::not_found);
    EXPECT_FALSE(may_look_at(principal, numbered(2)));
    EXPECT_FALSE(is_owner(Principal(), numbered(1)));
    principal.kind = Principal::Kind::user;
    principal.grants = {{Role::operator_, Uuid{}}};
    EXPECT_TRUE(may_look_at(principal, numbered(2)));
    EXPECT_FALSE(is_owner(principal, numbered(2)));
    principal.grants = {{Role::agency, numbered(2)}};
    EXPECT_FALSE(may_look_at(principal, numbered(2)));
}

TEST(MayActFor, Keys)
{
    auto const stall1 = Place::stall(numbered(1), numbered(50));
    Principal principal;
    principal.kind = Principal::Kind::api_key;
    EXPECT_TRUE(may_act_for(principal, stall1));
    EXPECT_TRUE(may_act_for(principal, Place::province()));
    principal.key_place = numbered(1);
    EXPECT_TRUE(may_act_for(principal, stall1));
    EXPECT_FALSE(may_act_for(principal, Place::stall(numbered(3), numbered(50))));
    EXPECT_FALSE(may_act_for(principal, Place::province()));
    principal.key_place = numbered(50);
    EXPECT_TRUE(may_act_for(principal, stall1));
    EXPECT_FALSE(may_act_for(principal, Place::stall(numbered(3), numbered(51))));
    EXPECT_EQ(may_act_for(principal, Place::agency(numbered(4))).error().code, Errc::not_found);
}

}  // namespace
}  // namespace cho40::identity::tests
