#include "adapters/identity/secrets.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::identity {
namespace {

InstallationKey key_of(char digit) { return InstallationKey::parse(std::string(64, digit)).value(); }

TEST(InstallationKey, ReadsHexAndBase64OfTheSameBytes)
{
    auto const hex = InstallationKey::parse(std::string(64, '0'));
    auto const base64 = InstallationKey::parse(to_base64(std::string(32, '\0')));
    ASSERT_TRUE(hex && base64);
    EXPECT_EQ(hex->derive("x").expose(), base64->derive("x").expose());
    EXPECT_NE(hex->derive("x").expose(), hex->derive("y").expose());
    auto const again = InstallationKey::parse(hex->text().expose());
    ASSERT_TRUE(again);
    EXPECT_EQ(again->derive("x").expose(), hex->derive("x").expose());
}

TEST(InstallationKey, RefusesEverythingElseWithoutRepeatingIt)
{
    for (std::string const text : {"", "abcd", "0123456789abcdef", "zz", "correct-horse"}) {
        auto const key = InstallationKey::parse(text);
        ASSERT_FALSE(key) << text;
        EXPECT_EQ(key.error().code, Errc::invalid_config);
        if (!text.empty()) EXPECT_EQ(key.error().detail.find(text), std::string::npos);
    }
    EXPECT_FALSE(InstallationKey::parse(std::string(63, 'a') + "g"));
    EXPECT_FALSE(InstallationKey::parse(to_base64(std::string(31, 'x'))));
}

RC_GTEST_PROP(Seal, OpensWithTheSameKeyAndUseOnly, (std::string const& text))
{
    auto const key = key_of('1');
    auto const sealed = seal(key, "rail_account", Secret(text), system_random());
    auto const opened = open_sealed(key, "rail_account", sealed);
    RC_ASSERT(opened.has_value());
    RC_ASSERT(opened->expose() == text);
    RC_ASSERT(!open_sealed(key, "signing_key", sealed));
    RC_ASSERT(!open_sealed(key_of('2'), "rail_account", sealed));
    if (text.size() > 3) RC_ASSERT(sealed.find(text) == std::string::npos);
}

RC_GTEST_PROP(Seal, AnyChangedByteIsNoticed, ())
{
    auto const key = key_of('1');
    auto sealed = seal(key, "rail_account", Secret("checksum key"), system_random());
    auto const at = *rc::gen::inRange<std::size_t>(0, sealed.size());
    sealed[at] = static_cast<char>(sealed[at] ^ (1 << *rc::gen::inRange(0, 8)));
    auto const opened = open_sealed(key, "rail_account", sealed);
    RC_ASSERT(!opened);
    RC_ASSERT(opened.error().code == Errc::invalid_config);
}

TEST(Seal, TheSameSecretTwiceLooksDifferent)
{
    auto const key = key_of('1');
    EXPECT_NE(seal(key, "a", Secret("x"), system_random()), seal(key, "a", Secret("x"), system_random()));
}

TEST(Seal, ShortBytesAreRefused)
{
    for (std::size_t size = 0; size < 41; ++size) EXPECT_FALSE(open_sealed(key_of('1'), "a", std::string(size, '\1'))) << size;
}

}  // namespace
}  // namespace cho40::identity
