#include "adapters/identity/sign_ins.h"
#include "tests/support/loop.h"
#include "tests/unit/adapters/identity/fakes.h"
#include <gtest/gtest.h>

namespace cho40::identity::tests {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr char password[] = "cá song nướng muối";

class SignInsTest : public testing::Test {
protected:
    SignInsTest() { add("bathe", {Grant{Role::vendor, numbered(1)}}); }

    UserRecord& add(std::string login, std::vector<Grant> grants)
    {
        UserRecord user;
        user.id = Id<User>(numbered(static_cast<std::uint8_t>(100 + people_.users.size())));
        user.login = std::move(login);
        user.name = "Bà Thế";
        user.password_hash = hash_password(Secret(password), cheap());
        user.grants = std::move(grants);
        people_.users.push_back(user);
        return people_.users.back();
    }

    Result<SignedIn> sign_in(std::string login, std::string secret, std::string address = "10.0.0.1", std::string old_token = {})
    {
        SignInTry attempt(std::move(login), Secret(std::move(secret)));
        attempt.address = std::move(address);
        attempt.old_token = std::move(old_token);
        attempt.request_id = "req_1";
        return loop_.run(sign_ins_.sign_in(std::move(attempt)));
    }

    cho40::tests::Loop loop_;
    boost::asio::thread_pool pool_{1};
    HandClock clock_;
    MemoryPeople people_;
    Passwords passwords_{loop_.executor(), pool_, cheap()};
    SignIns sign_ins_{people_, passwords_, clock_, system_random()};
};

TEST_F(SignInsTest, TheTokenOpensAndOnlyItsHashIsKept)
{
    auto const in = sign_in("  BaThe ", password);
    ASSERT_TRUE(in);
    EXPECT_EQ(in->principal.login, "bathe");
    EXPECT_EQ(people_.sign_ins.at(0).token_hash, sha256(in->token.expose()));
    EXPECT_EQ(in->token.expose().size(), 64U);
    EXPECT_GE(in->principal.csrf_token.size(), 32U);
    EXPECT_NE(in->principal.csrf_token, in->token.expose());

    auto const who = loop_.run(sign_ins_.authenticate(in->token.expose()));
    ASSERT_TRUE(who);
    EXPECT_EQ(who->id, in->principal.id);
    EXPECT_EQ(who->grants, in->principal.grants);
    EXPECT_EQ(who->csrf_token, in->principal.csrf_token);
}

TEST_F(SignInsTest, WrongUnknownAndDisabledAreOneAnswer)
{
    add("khoa", {Grant{Role::operator_, {}}}).disabled = true;
    for (auto const& [login, secret] : {std::pair("bathe", "cá song nướng"), std::pair("nobody", password), std::pair("khoa", password)}) {
        auto const in = sign_in(login, secret);
        ASSERT_FALSE(in) << login;
        EXPECT_EQ(in.error().code, Errc::login_failed);
        EXPECT_EQ(in.error().detail, "login or password is wrong; after several wrong tries wait some minutes");
    }
    // Each left one entry, so that none is written faster than another.
    ASSERT_EQ(people_.trail.size(), 3U);
    for (auto const& entry : people_.trail) EXPECT_EQ(entry.outcome, "login_failed");
    EXPECT_TRUE(people_.sign_ins.empty());
}

TEST_F(SignInsTest, SignInIsOnTheAuditTrail)
{
    ASSERT_TRUE(sign_in("bathe", password));
    ASSERT_EQ(people_.trail.size(), 1U);
    auto const& entry = people_.trail[0];
    EXPECT_EQ(entry.act, "sign_ins.create");
    EXPECT_EQ(entry.outcome, "done");
    EXPECT_EQ(entry.actor, people_.users[0].id.uuid);
    EXPECT_EQ(entry.role, Role::vendor);
    EXPECT_EQ(entry.request_id, "req_1");
}

TEST_F(SignInsTest, FiveWrongTriesAndAPauseThatGrows)
{
    for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("bathe", "wrong").error().code, Errc::login_failed) << i;
    // Now even the right password has to wait, and nothing is counted or written.
    auto const written = people_.trail.size();
    EXPECT_EQ(sign_in("bathe", password).error().code, Errc::rate_limited);
    EXPECT_EQ(people_.trail.size(), written);
    clock_.pass(seconds(30));
    EXPECT_EQ(sign_in("bathe", "wrong").error().code, Errc::login_failed);
    clock_.pass(seconds(59));
    EXPECT_EQ(sign_in("bathe", password).error().code, Errc::rate_limited);
    clock_.pass(seconds(1));
    EXPECT_TRUE(sign_in("bathe", password));
    EXPECT_EQ(people_.users[0].failed_tries, 0);
    EXPECT_FALSE(people_.users[0].locked_until);
}

TEST_F(SignInsTest, UnknownLoginsPauseJustTheSame)
{
    for (int i = 0; i < 5; ++i) EXPECT_EQ(sign_in("nobody", "wrong").error().code, Errc::login_failed);
    EXPECT_EQ(sign_in("nobody", "wrong").error().code, Errc::rate_limited);
    EXPECT_TRUE(sign_in("bathe", password)) << "others are not in the way";
}

TEST_F(SignInsTest, TheLockOutlivesTheProcess)
{
    for (int i = 0; i < 5; ++i) sign_in("bathe", "wrong");
    SignIns restarted(people_, passwords_, clock_, system_random());
    auto const attempt = [&](std::string login) {
        SignInTry one(std::move(login), Secret(password));
        return loop_.run(restarted.sign_in(std::move(one)));
    };
    auto const written = people_.trail.size();
    auto const locked = attempt("bathe"), unknown = attempt("nobody");
    EXPECT_EQ(locked.error().code, Errc::login_failed) << "another answer than to an unknown login would say that it exists";
    EXPECT_EQ(locked.error().detail_vi, unknown.error().detail_vi);
    EXPECT_EQ(people_.trail.size(), written + 2) << "both leave an entry, and take as long";
    EXPECT_EQ(people_.users[0].failed_tries, 5) << "a lock does not feed itself";
    clock_.pass(seconds(31));
    EXPECT_TRUE(attempt("bathe"));
}

TEST_F(SignInsTest, OneAddressTryingManyLoginsIsSlowedDown)
{
    for (int i = 0; i < 60; ++i) EXPECT_EQ(sign_in("user" + std::to_string(i), "wrong", "10.9.9.9").error().code, Errc::login_failed) << i;
    EXPECT_EQ(sign_in("bathe", password, "10.9.9.9").error().code, Errc::rate_limited);
    EXPECT_TRUE(sign_in("bathe", password, "10.0.0.1"));
}

TEST_F(SignInsTest, ManyRightSignInsFromOneMarketAreNoAttack)
{
    for (int i = 0; i < 100; ++i) ASSERT_TRUE(sign_in("bathe", password)) << i;
}

TEST_F(SignInsTest, ANewSignInEndsTheCookieTheBrowserCameWith)
{
    auto const first = sign_in("bathe", password).value();
    auto const second = sign_in("bathe", password, "10.0.0.1", first.token.expose()).value();
    EXPECT_NE(first.token.expose(), second.token.expose());
    EXPECT_NE(first.principal.csrf_token, second.principal.csrf_token);
    EXPECT_EQ(loop_.run(sign_ins_.authenticate(first.token.expose())).error().code, Errc::login_expired);
    EXPECT_TRUE(loop_.run(sign_ins_.authenticate(second.token.expose())));
}

TEST_F(SignInsTest, SigningOutEndsIt)
{
    auto const in = sign_in("bathe", password).value();
    EXPECT_TRUE(loop_.run(sign_ins_.sign_out(in.token.expose())));
    EXPECT_EQ(loop_.run(sign_ins_.authenticate(in.token.expose())).error().code, Errc::login_expired);
    EXPECT_TRUE(loop_.run(sign_ins_.sign_out(in.token.expose()))) << "repeatable";
    EXPECT_TRUE(loop_.run(sign_ins_.sign_out("nonsense")));
}

TEST_F(SignInsTest, AVendorStaysSignedInWhileSheSells)
{
    auto const in = sign_in("bathe", password).value();
    auto const token = in.token.expose();
    // Seen each week, for twelve weeks; the ninetieth day ends it all the same.
    for (int week = 1; week <= 12; ++week) {
        clock_.pass(hours(24 * 7));
        ASSERT_TRUE(loop_.run(sign_ins_.authenticate(token))) << week;
    }
    clock_.pass(hours(24 * 6));
    EXPECT_EQ(loop_.run(sign_ins_.authenticate(token)).error().code, Errc::login_expired);
}

TEST_F(SignInsTest, TwoWeeksWithoutUseEndIt)
{
    auto const in = sign_in("bathe", password).value();
    clock_.pass(hours(24 * 14) - seconds(1));
    EXPECT_TRUE(loop_.run(sign_ins_.authenticate(in.token.expose())));
    clock_.pass(hours(24 * 14));
    EXPECT_EQ(loop_.run(sign_ins_.authenticate(in.token.expose())).error().code, Errc::login_expired);
}

TEST_F(SignInsTest, AConsoleEndsAfterTwoIdleHoursAndTwelveInAll)
{
    add("canbo", {Grant{Role::tax_officer, {}}, Grant{Role::vendor, numbered(1)}});
    auto const idle = sign_in("canbo", password).value();
    clock_.pass(hours(2));
    EXPECT_EQ(loop_.run(sign_ins_.authenticate(idle.token.expose())).error().code, Errc::login_expired);

    auto const busy = sign_in("canbo", password).value();
    for (int i = 0; i < 11; ++i) {
        clock_.pass(hours(1));
        ASSERT_TRUE(loop_.run(sign_ins_.authenticate(busy.token.expose()))) << i;
    }
    clock_.pass(hours(1));
    EXPECT_EQ(loop_.run(sign_ins_.authenticate(busy.token.expose())).error().code, Errc::login_expired);
}

TEST_F(SignInsTest, TheExpiryIsMovedAtMostOnceAMinute)
{
    auto const in = sign_in("bathe", password).value();
    for (int i = 0; i < 59; ++i) {
        clock_.pass(seconds(1));
        ASSERT_TRUE(loop_.run(sign_ins_.authenticate(in.token.expose())));
    }
    EXPECT_EQ(people_.touches, 0);
    clock_.pass(seconds(1));
    ASSERT_TRUE(loop_.run(sign_ins_.authenticate(in.token.expose())));
    EXPECT_EQ(people_.touches, 1);
}

TEST_F(SignInsTest, DisablingAPersonShutsTheDoorAtOnce)
{
    auto const in = sign_in("bathe", password).value();
    people_.users[0].disabled = true;
    EXPECT_EQ(loop_.run(sign_ins_.authenticate(in.token.expose())).error().code, Errc::login_expired);
}

TEST_F(SignInsTest, AGrantTakenBackIsGoneAtTheNextRequest)
{
    auto const in = sign_in("bathe", password).value();
    people_.users[0].grants.clear();
    EXPECT_TRUE(loop_.run(sign_ins_.authenticate(in.token.expose()))->grants.empty());
}

TEST_F(SignInsTest, TokensThatAreNotOurs)
{
    ASSERT_TRUE(sign_in("bathe", password));
    for (auto const& token : {std::string(), std::string("x"), std::string(64, '0'), std::string(64, 'Z'), std::string(65, '0')}) {
        EXPECT_EQ(loop_.run(sign_ins_.authenticate(token)).error().code, Errc::unauthenticated) << token;
    }
}

TEST_F(SignInsTest, AnOldHashIsRenewedAtSignIn)
{
    auto dearer = cheap();
    dearer.passes = 3;
    Passwords dear(loop_.executor(), pool_, dearer);
    SignIns strict(people_, dear, clock_, system_random());
    auto const before = people_.users[0].password_hash;
    ASSERT_TRUE(loop_.run(strict.sign_in(SignInTry("bathe", Secret(password)))));
    EXPECT_NE(people_.users[0].password_hash, before);
    ASSERT_TRUE(loop_.run(strict.sign_in(SignInTry("bathe", Secret(password)))));
}

}  // namespace
}  // namespace cho40::identity::tests
