#include "adapters/identity/api_keys.h"
#include "tests/support/run.h"
#include "tests/unit/adapters/identity/fakes.h"
#include <gtest/gtest.h>

namespace cho40::identity::tests {
namespace {

using cho40::tests::run;

class ApiKeysTest : public testing::Test {
protected:
    MadeKey make(KeyWish wish)
    {
        auto made = make_key(std::move(wish), installation_, clock_.now(), system_random()).value();
        people_.keys.push_back(made.record);
        return made;
    }
    static KeyWish wish()
    {
        KeyWish wish;
        wish.name = "POS";
        wish.scopes = {"payments:write", "payments:read", "payments:read"};
        wish.place = numbered(7);
        return wish;
    }

    HandClock clock_;
    MemoryPeople people_;
    InstallationKey installation_ = InstallationKey::parse(std::string(64, 'a')).value();
    ApiKeys keys_{people_, installation_, clock_};
};

TEST_F(ApiKeysTest, TheKeyOpensAndOnlyItsHashIsKept)
{
    auto const made = make(wish());
    auto const& text = made.text.expose();
    EXPECT_TRUE(text.starts_with("ck_live_"));
    EXPECT_EQ(mode_of_key(text), Mode::live);
    std::string const kept(reinterpret_cast<char const*>(made.record.hash.data()), made.record.hash.size());
    EXPECT_EQ(kept.find(text), std::string::npos);
    EXPECT_NE(made.record.hash, sha256(text)) << "a plain hash could be guessed at without the installation key";

    auto const principal = run(keys_.authenticate(text));
    ASSERT_TRUE(principal);
    EXPECT_TRUE(principal->is_key());
    EXPECT_EQ(principal->id, made.record.id.uuid);
    EXPECT_EQ(principal->scopes, (std::vector<std::string>{"payments:read", "payments:write"}));
    EXPECT_EQ(principal->key_place, numbered(7));
    EXPECT_EQ(principal->mode, Mode::live);
}

TEST_F(ApiKeysTest, TestKeysAreOfTheTestMode)
{
    auto w = wish();
    w.mode = Mode::test;
    auto const made = make(w);
    EXPECT_TRUE(made.text.expose().starts_with("ck_test_"));
    EXPECT_EQ(run(keys_.authenticate(made.text.expose()))->mode, Mode::test);
}

TEST_F(ApiKeysTest, WhatIsNotAKeyOfOurs)
{
    auto const good = make(wish()).text.expose();
    auto changed = good;
    changed.back() = changed.back() == '0' ? '1' : '0';
    auto other_mode = good;
    other_mode.replace(0, 8, "ck_test_");
    for (auto const& text : {std::string(), std::string("ck_live_"), good + "0", good.substr(0, good.size() - 1), changed, other_mode,
                             std::string("CK_LIVE_") + good.substr(8), std::string(good.size(), 'a')}) {
        auto const principal = run(keys_.authenticate(text));
        ASSERT_FALSE(principal) << text;
        EXPECT_EQ(principal.error().code, Errc::unauthenticated);
    }
    InstallationKey const moved = InstallationKey::parse(std::string(64, 'b')).value();
    ApiKeys elsewhere(people_, moved, clock_);
    EXPECT_EQ(run(elsewhere.authenticate(good)).error().code, Errc::unauthenticated);
}

TEST_F(ApiKeysTest, RevokedAndExpiredKeysSayThatTheyAre)
{
    auto const revoked = make(wish());
    people_.keys.back().revoked_at = clock_.now();
    EXPECT_EQ(run(keys_.authenticate(revoked.text.expose())).error().code, Errc::key_revoked);

    auto w = wish();
    w.expires_at = clock_.now() + std::chrono::hours(1);
    auto const short_lived = make(w);
    EXPECT_TRUE(run(keys_.authenticate(short_lived.text.expose())));
    clock_.pass(std::chrono::hours(1));
    EXPECT_EQ(run(keys_.authenticate(short_lived.text.expose())).error().code, Errc::key_revoked);
}

TEST_F(ApiKeysTest, ARevokedKeyIsTrustedForASecondAtMost)
{
    auto const made = make(wish());
    EXPECT_TRUE(run(keys_.authenticate(made.text.expose())));
    people_.keys.back().revoked_at = clock_.now();
    clock_.at += ApiKeys::trusted_for - std::chrono::milliseconds(1);
    EXPECT_TRUE(run(keys_.authenticate(made.text.expose())));
    clock_.at += std::chrono::milliseconds(1);
    EXPECT_EQ(run(keys_.authenticate(made.text.expose())).error().code, Errc::key_revoked);
    EXPECT_EQ(run(keys_.authenticate(made.text.expose())).error().code, Errc::key_revoked);
}

TEST_F(ApiKeysTest, AKeyThatRunsOutMeanwhileIsNotTrusted)
{
    auto w = wish();
    w.expires_at = clock_.now() + std::chrono::milliseconds(500);
    auto const made = make(w);
    EXPECT_TRUE(run(keys_.authenticate(made.text.expose())));
    clock_.at += std::chrono::milliseconds(500);
    EXPECT_EQ(run(keys_.authenticate(made.text.expose())).error().code, Errc::key_revoked);
}

TEST_F(ApiKeysTest, LastUseIsNotedOnceAMinute)
{
    auto const made = make(wish());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(run(keys_.authenticate(made.text.expose())));
    EXPECT_EQ(people_.touches, 1);
    clock_.pass(std::chrono::seconds(60));
    ASSERT_TRUE(run(keys_.authenticate(made.text.expose())));
    EXPECT_EQ(people_.touches, 2);
}

TEST_F(ApiKeysTest, AKeyNeedsANameAndKnownScopes)
{
    auto const refused = [&](KeyWish w) { return make_key(std::move(w), installation_, clock_.now(), system_random()).error().pointer; };
    auto w = wish();
    w.name = "  ";
    EXPECT_EQ(refused(w), "/name");
    w = wish();
    w.scopes = {};
    EXPECT_EQ(refused(w), "/scopes");
    w.scopes = {"payments:everything"};
    EXPECT_EQ(refused(w), "/scopes");
}

}  // namespace
}  // namespace cho40::identity::tests
