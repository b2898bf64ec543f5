#include "adapters/identity/passwords.h"
#include "tests/unit/adapters/identity/fakes.h"
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

namespace cho40::identity::tests {
namespace {

struct Rule {
    char const* password;
    std::optional<Errc> refused;
};

TEST(PasswordRules, Table)
{
    Rule const rules[] = {
        {"muoi ky tu", {}},
        {"cá song nướng muối ớt", {}},
        {"x7#kQ9!mLp2$", {}},
        {"chin ky t", Errc::text_too_short},
        {"", Errc::text_too_short},
        {"ớớớớớớớớớ", Errc::text_too_short},    // nine characters, many bytes
        {"ba.the.cho.rom", Errc::invalid_format},  // the login
        {"Ba.The.Cho.Rom2026", Errc::invalid_format},
        {"Bà Thế Chợ Rộm", Errc::invalid_format},  // the name
        {"ba the cho rom!", Errc::invalid_format},
        {"1111111111", Errc::invalid_format},
        {"0123456789", Errc::invalid_format},
        {"9876543210", Errc::invalid_format},
        {"abcdefghijkl", Errc::invalid_format},
        {"matkhau123456", Errc::invalid_format},
        {"Mật Khẩu 2026!", Errc::invalid_format},
        {"PASSWORD2026", Errc::invalid_format},
        {"qwertyuiop", Errc::invalid_format},
        {"cho40-2026-2027", Errc::invalid_format},
        {"password of my fish", {}},
        {"\xff\xfe\xfd bad utf-8 bytes", Errc::invalid_utf8},
    };
    for (auto const& rule : rules) {
        auto const checked = check_password(Secret(rule.password), "ba.the.cho.rom", "Bà Thế Chợ Rộm");
        ASSERT_EQ(!checked.has_value(), rule.refused.has_value()) << rule.password;
        if (!rule.refused) continue;
        EXPECT_EQ(checked.error().code, Errc::validation_failed);
        ASSERT_EQ(checked.error().fields.size(), 1U);
        EXPECT_EQ(checked.error().fields[0].pointer, "/password");
        EXPECT_EQ(checked.error().fields[0].code, *rule.refused) << rule.password;
    }
    EXPECT_TRUE(check_password(Secret(std::string(128, 'a') + std::string(128, 'b')), "x", "y"));
    EXPECT_FALSE(check_password(Secret(std::string(128, 'a') + std::string(129, 'b')), "x", "y"));
}

class PasswordsTest : public testing::Test {
protected:
    template <class T>
    T run(boost::asio::awaitable<T> work)
    {
        std::optional<T> value;
        boost::asio::co_spawn(loop_, std::move(work), [&](std::exception_ptr error, T v) {
            if (error) std::rethrow_exception(error);
            value.emplace(std::move(v));
        });
        loop_.restart();
        loop_.run();
        return *std::move(value);
    }

    boost::asio::io_context loop_{1};
    boost::asio::thread_pool pool_{2};
};

TEST_F(PasswordsTest, TheRightPasswordAndNoOther)
{
    Passwords passwords(loop_.get_executor(), pool_, cheap());
    auto const hash = run(passwords.hash(Secret("cá song nướng"))).value();
    EXPECT_TRUE(hash.starts_with("$argon2id$")) << hash;
    EXPECT_TRUE(run(passwords.verify(hash, Secret("cá song nướng"))).value().right);
    EXPECT_FALSE(run(passwords.verify(hash, Secret("cá song nương"))).value().right);
    EXPECT_FALSE(run(passwords.verify(hash, Secret(""))).value().right);
    EXPECT_FALSE(run(passwords.verify("not a hash", Secret("x"))).value().right);
    EXPECT_NE(run(passwords.hash(Secret("cá song nướng"))).value(), hash) << "no two hashes share a salt";
}

TEST_F(PasswordsTest, ComposedAndDecomposedAccentsAreTheSame)
{
    Passwords passwords(loop_.get_executor(), pool_, cheap());
    auto const hash = run(passwords.hash(Secret("c\u00e1 song bi\u1ec3n"))).value();
    EXPECT_TRUE(run(passwords.verify(hash, Secret("ca\u0301 song bie\u0302\u0309n"))).value().right);
}

TEST_F(PasswordsTest, NobodyIsNeverRight)
{
    Passwords passwords(loop_.get_executor(), pool_, cheap());
    EXPECT_FALSE(run(passwords.verify("", Secret("anything at all"))).value().right);
}

TEST_F(PasswordsTest, AHashOfLessCostIsToBeRenewed)
{
    auto const old = hash_password(Secret("cá song nướng"), cheap());
    auto dearer = cheap();
    dearer.passes = 3;
    Passwords passwords(loop_.get_executor(), pool_, dearer);
    auto const verdict = run(passwords.verify(old, Secret("cá song nướng"))).value();
    EXPECT_TRUE(verdict.right);
    EXPECT_TRUE(verdict.weaker);
    auto const renewed = run(passwords.hash(Secret("cá song nướng"))).value();
    EXPECT_FALSE(run(passwords.verify(renewed, Secret("cá song nướng"))).value().weaker);
}

TEST_F(PasswordsTest, WhatWaitsIsBoundedAndEverybodyGetsATurn)
{
    auto cost = cheap();
    cost.at_once = 1;
    cost.waiting_max = 3;
    Passwords passwords(loop_.get_executor(), pool_, cost);
    int right = 0;
    int refused = 0;
    auto one = [&]() -> boost::asio::awaitable<void> {
        auto const verdict = co_await passwords.hash(Secret("cá song nướng"));
        if (verdict) ++right;
        else if (verdict.error().code == Errc::unavailable) ++refused;
    };
    auto const all_at_once = [&](int count) {
        right = refused = 0;
        for (int i = 0; i < count; ++i)
            boost::asio::co_spawn(loop_, one(), [](std::exception_ptr error) {
                if (error) std::rethrow_exception(error);
            });
        loop_.restart();
        loop_.run();
    };
    all_at_once(10);
    EXPECT_EQ(right, 4);  // one working, three waiting
    EXPECT_EQ(refused, 6);
    all_at_once(4);
    EXPECT_EQ(right, 4) << "places are given back";
}

TEST_F(PasswordsTest, AFailedHashGivesItsPlaceBack)
{
    auto cost = cheap();
    cost.at_once = 1;
    cost.waiting_max = 0;
    Passwords passwords(loop_.get_executor(), pool_, cost);
    EXPECT_FALSE(run(passwords.verify("$argon2id$broken", Secret("x"))).value().right);
    EXPECT_TRUE(run(passwords.hash(Secret("cá song nướng"))));
}

}  // namespace
}  // namespace cho40::identity::tests
