#include "tests/integration/identity/fixture.h"

namespace cho40::tests {
namespace {

using http::Method;
using identity::Grant;
using identity::Role;
using nlohmann::json;

std::string code_of(http::Response const& response)
{
    return response.status < 400 ? "" : json::parse(response.body_text()).at("code").get<std::string>();
}

class PeopleTest : public IdentityTest {
protected:
    static std::string new_user(std::string login = "officer", std::string roles = R"(["tax_officer"])", std::string more = "")
    {
        return R"({"login":")" + login + R"(","name":"Ông Tư","password":"cá song nướng muối","roles":)" + roles + more + "}";
    }
    http::Request creates(Signed const& who, std::string body, std::string key)
    {
        auto r = as(who, request(Method::post, "/v1/users", std::move(body)));
        r.headers.add("Idempotency-Key", std::move(key));
        return r;
    }
};

TEST_F(PeopleTest, SignInMeAndSignOut)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    auto const in = sign_in(service, "operator");
    auto const me = service.answer(as(in, request(Method::get, "/v1/me")));
    ASSERT_EQ(me.status, 200) << me.body_text();
    auto const view = json::parse(me.body_text());
    EXPECT_EQ(view.at("login"), "operator");
    EXPECT_EQ(view.at("id"), in.id);
    EXPECT_EQ(view.at("roles"), json::array({"operator"}));
    EXPECT_EQ(view.at("csrf_token"), in.csrf);
    EXPECT_EQ(sql().value("SELECT count(*) FROM sign_in WHERE encode(token_hash, 'hex') = '" + in.cookie + "'"), "0");
    EXPECT_EQ(sql().value("SELECT count(*) FROM sign_in WHERE token_hash = sha256('" + in.cookie + "')"), "1");

    auto without_token = request(Method::delete_, "/v1/sign-ins/current");
    without_token.cookies.push_back({"__Host-sid", in.cookie});
    EXPECT_EQ(code_of(service.answer(without_token)), "csrf_failed");
    auto const out = service.answer(as(in, request(Method::delete_, "/v1/sign-ins/current")));
    EXPECT_EQ(out.status, 204);
    EXPECT_NE(out.headers.get("Set-Cookie").find("Max-Age=0"), std::string_view::npos);
    EXPECT_EQ(code_of(service.answer(as(in, request(Method::get, "/v1/me")))), "login_expired");
}

TEST_F(PeopleTest, TheCookieIsOutOfReachOfScriptsAndOtherSites)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    auto const response = service.answer(request(Method::post, "/v1/sign-ins", R"({"login":"operator","password":"cá song nướng muối"})"));
    auto const cookie = response.headers.get("Set-Cookie");
    for (auto const* part : {"__Host-sid=", "Path=/", "Secure", "HttpOnly", "SameSite=Lax", "Max-Age=43200"}) {
        EXPECT_NE(cookie.find(part), std::string_view::npos) << part << " in " << cookie;
    }
    EXPECT_EQ(response.body_text().find(std::string(cookie.substr(11, 64))), std::string_view::npos);
    auto form = request(Method::post, "/v1/sign-ins", R"({"login":"operator","password":"cá song nướng muối"})");
    form.headers.set("Content-Type", "text/plain");
    EXPECT_EQ(code_of(service.answer(form)), "unsupported_media_type");
}

TEST_F(PeopleTest, WrongPasswordsAreCountedAndLocked)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    auto const attempt = [&](std::string login, std::string password) {
        return code_of(service.answer(request(Method::post, "/v1/sign-ins", json{{"login", login}, {"password", password}}.dump())));
    };
    for (int i = 0; i < 5; ++i) EXPECT_EQ(attempt("operator", "wrong"), "login_failed");
    EXPECT_EQ(attempt("operator", "cá song nướng muối"), "rate_limited");
    EXPECT_EQ(sql().value("SELECT failed_tries || ' ' || (locked_until > now()) FROM app_user WHERE login = 'operator'"), "5 true");
    EXPECT_EQ(attempt("nobody", "wrong"), "login_failed");
    EXPECT_EQ(sql().value("SELECT count(*) FROM audit_entry WHERE outcome = 'login_failed'"), "6");
}

TEST_F(PeopleTest, AnOperatorMakesAUserOnceAndSheCanSignIn)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    auto const in = sign_in(service, "operator");
    auto const made = service.answer(creates(in, new_user(), "make-officer-0001"));
    ASSERT_EQ(made.status, 201) << made.body_text();
    auto const again = service.answer(creates(in, new_user(), "make-officer-0001"));
    EXPECT_EQ(again.body_text(), made.body_text());
    EXPECT_EQ(again.headers.get("Idempotent-Replayed"), "true");
    EXPECT_EQ(made.body_text().find("password"), std::string_view::npos);
    EXPECT_EQ(sql().value("SELECT count(*) FROM app_user"), "2");
    EXPECT_EQ(sql().value("SELECT role || scope_id FROM role_grant g JOIN app_user u USING (user_id) WHERE login = 'officer'"),
              "tax_officer00000000-0000-0000-0000-000000000000");
    EXPECT_EQ(sign_in(service, "officer").id, json::parse(made.body_text()).at("id").get<std::string>());

    auto const taken = service.answer(creates(in, new_user(), "make-officer-0002"));
    EXPECT_EQ(taken.status, 422);
    EXPECT_EQ(json::parse(taken.body_text()).at("errors").at(0).at("pointer"), "/login");
}

TEST_F(PeopleTest, TwoOperatorsCannotBothTakeOneLogin)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    auto const in = sign_in(service, "operator");
    std::vector<int> statuses;
    auto one = [&](http::Request r) -> boost::asio::awaitable<void> {
        statuses.push_back((co_await service.answering(std::move(r))).status);
    };
    auto both = [&]() -> boost::asio::awaitable<bool> {
        auto const loop = co_await boost::asio::this_coro::executor;
        for (auto const* key : {"make-officer-0001", "make-officer-0002"}) {
            boost::asio::co_spawn(loop, one(creates(in, new_user(), key)), [](std::exception_ptr e) {
                if (e) std::rethrow_exception(e);
            });
        }
        co_return co_await eventually([&] { return statuses.size() == 2; });
    };
    ASSERT_TRUE(loop_.run(both()));
    std::ranges::sort(statuses);
    EXPECT_EQ(statuses.at(0), 201);
    EXPECT_GE(statuses.at(1), 400);
    EXPECT_EQ(sql().value("SELECT count(*) FROM app_user WHERE login = 'officer'"), "1");
}

TEST_F(PeopleTest, BadUsersAreRefusedWithEveryErrorAtOnce)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    auto const in = sign_in(service, "operator");
    struct Bad {
        std::string body;
        std::vector<std::string> pointers;
    };
    std::vector<Bad> const table = {
        {new_user("Big Letters"), {"/login"}},
        {new_user("officer", R"(["king"])"), {"/roles"}},
        {new_user("officer", R"(["tax_officer","tax_officer"])"), {"/roles"}},
        {new_user("officer", R"(["vendor"])"), {"/stalls"}},
        {new_user("officer", R"(["agency","market_board"])"), {"/agencies", "/market"}},
        {new_user("officer", R"(["tax_officer"])", R"(,"stalls":["stl_01jd2w6x3k9q7m5v8t4r2n0abc"])"), {"/stalls"}},
        {R"({"login":"officer","name":"x","password":"matkhau123456","roles":["operator"]})", {"/password"}},
        {R"({"login":"o","name":"","password":"short","roles":[]})", {"/login", "/name", "/password", "/roles"}},
    };
    int number = 0;
    for (auto const& bad : table) {
        auto const response = service.answer(creates(in, bad.body, "bad-user-key-000" + std::to_string(number++)));
        EXPECT_EQ(response.status, 422) << bad.body;
        std::set<std::string> pointers;
        auto const body = json::parse(response.body_text());
        for (auto const& e : body.value("errors", json::array())) pointers.insert(e.at("pointer").get<std::string>());
        EXPECT_EQ(pointers, std::set<std::string>(bad.pointers.begin(), bad.pointers.end())) << bad.body << '\n' << response.body_text();
    }
    auto const unknown_stall = creates(in, new_user("officer", R"(["vendor"])", R"(,"stalls":["stl_01jd2w6x3k9q7m5v8t4r2n0abc"])"),
                                       "bad-user-key-9999");
    EXPECT_EQ(service.answer(unknown_stall).status, 404);
    EXPECT_EQ(sql().value("SELECT count(*) FROM app_user"), "1");
    EXPECT_EQ(sql().value("SELECT count(*) FROM idempotency"), "0");
}

TEST_F(PeopleTest, KeysFromTheDatabaseOpenAndAreRevoked)
{
    Instance service(loop_, clock_, computing_);
    identity::KeyWish wish;
    wish.name = "audit reader";
    wish.scopes = {"admin:read"};
    auto const made = identity::make_key(wish, service.installation, clock_.now(), system_random()).value();
    ASSERT_TRUE(loop_.run(service.people.add_key(made.record, system_entry())));
    auto asks = request(Method::get, "/v1/audit");
    asks.headers.add("Authorization", "Bearer " + made.text.expose());
    EXPECT_EQ(service.answer(asks).status, 200);
    EXPECT_EQ(sql().value("SELECT last_used_at IS NOT NULL FROM api_key"), "t");
    EXPECT_TRUE(loop_.run(service.people.revoke_key(made.record.id, clock_.now(), system_entry())).value());
    EXPECT_FALSE(loop_.run(service.people.revoke_key(made.record.id, clock_.now(), system_entry())).value());
    Instance later(loop_, clock_, computing_);  // this one trusts the key for a second still
    EXPECT_EQ(code_of(later.answer(asks)), "key_revoked");
}

TEST_F(PeopleTest, DisablingEndsAllSignIns)
{
    Instance service(loop_, clock_, computing_);
    add_person(service, "operator", {Grant{Role::operator_, {}}});
    auto const in = sign_in(service, "operator");
    auto const user = loop_.run(service.people.find_login("operator")).value().value();
    ASSERT_TRUE(loop_.run(service.people.set_disabled(user.id, true, clock_.now(), system_entry())));
    EXPECT_EQ(code_of(service.answer(as(in, request(Method::get, "/v1/me")))), "login_expired");
    EXPECT_EQ(code_of(service.answer(request(Method::post, "/v1/sign-ins", R"({"login":"operator","password":"cá song nướng muối"})"))),
              "login_failed");
}

}  // namespace
}  // namespace cho40::tests
