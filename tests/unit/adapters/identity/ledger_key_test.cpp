#include "adapters/identity/ledger_key_json.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::identity {
namespace {

InstallationKey installation(char digit) { return InstallationKey::parse(std::string(64, digit)).value(); }

// What was signed years ago must be checkable with the key an installation publishes today: how the key follows from the
// installation key is for ever. (HMAC-SHA-256 of the use's name is the seed of RFC 8032.)
TEST(LedgerKey, FollowsFromTheInstallationKeyInTheSameWayForEver)
{
    LedgerKey const key(installation('a'));
    EXPECT_EQ(key.public_key().pem(), "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA/IGDwH/EzhWJOZpEexaBXUxaJ/IhroIUt9N7hPMnJhk=\n"
                                      "-----END PUBLIC KEY-----\n");
    EXPECT_EQ(key.public_key().id_text(), to_hex(sha256(key.public_key().bytes())).substr(0, 16));
    EXPECT_NE(LedgerKey(installation('b')).id(), key.id());
}

TEST(LedgerKey, SignsForItsOwnPublicKeyOnly)
{
    LedgerKey const key(installation('a'));
    auto const signature = key.sign("cho40 ledger head v1\n");
    EXPECT_TRUE(key.public_key().accepts("cho40 ledger head v1\n", signature));
    EXPECT_FALSE(key.public_key().accepts("cho40 ledger head v2\n", signature));
    EXPECT_FALSE(LedgerKey(installation('b')).public_key().accepts("cho40 ledger head v1\n", signature));
    auto changed = signature;
    changed[0] ^= 1;
    EXPECT_FALSE(key.public_key().accepts("cho40 ledger head v1\n", changed));
}

// RFC 8032, section 7.1, test 2.
TEST(LedgerPublicKey, ChecksAPublishedSignature)
{
    auto const key = LedgerPublicKey::from_bytes(*from_hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"));
    auto const bytes = from_hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    ledger::HeadSignature signature;
    std::copy(bytes->begin(), bytes->end(), signature.begin());
    ASSERT_TRUE(key);
    EXPECT_TRUE(key->accepts("\x72", signature));
    EXPECT_FALSE(key->accepts("\x73", signature));
}

TEST(LedgerPublicKey, IsReadInTheFormsItIsPublishedIn)
{
    auto const key = LedgerKey(installation('a')).public_key();
    EXPECT_EQ(read_public_key(key.pem()).value().bytes(), key.bytes());
    EXPECT_EQ(read_public_key(" \n" + key_json(key).dump()).value().bytes(), key.bytes());
    for (std::string const text : {"", "{", "{}", R"({"public_key": 5})", R"({"public_key": "00"})",
                                   "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"}) {
        EXPECT_FALSE(read_public_key(text)) << text;
    }
    // An RSA key is a public key too, but none of ours.
    EXPECT_EQ(LedgerPublicKey::from_pem("-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf\n"
                                        "9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==\n-----END PUBLIC KEY-----\n")
                  .error()
                  .code,
              Errc::invalid_format);
}

}  // namespace
}  // namespace cho40::identity
