#include "base/digest.h"
#include <gtest/gtest.h>

namespace cho40 {
namespace {

TEST(Digest, AgreesWithPublishedVectors)
{
    EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    // RFC 4231, test case 2
    EXPECT_EQ(hmac_sha256_hex("Jefe", "what do ya want for nothing?"), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Sha256Stream, IsTheDigestOfThePartsInARow)
{
    Sha256Stream stream;
    EXPECT_EQ(stream.digest(), sha256(""));
    stream.add("ab");
    EXPECT_EQ(stream.digest(), sha256("ab")) << "asking ends nothing";
    stream.add("");
    stream.add("c");
    EXPECT_EQ(stream.digest(), sha256("abc"));
}

TEST(Hex, RefusesWhatItWouldNotWrite)
{
    for (std::string_view text : {"", "00", "0f10ff"}) EXPECT_EQ(to_hex(from_hex(text).value()), text);
    for (std::string_view text : {"0", "0F", "0g", " 0", "0x"}) EXPECT_FALSE(from_hex(text)) << text;
}

TEST(Base64, RefusesWhatIsNotBase64)
{
    for (std::string_view text : {"", "f", "fo", "foo", "foob"}) EXPECT_EQ(from_base64(to_base64(text)), text);
    EXPECT_FALSE(from_base64("Zg="));
    EXPECT_FALSE(from_base64("Zg==\n123"));
    EXPECT_FALSE(from_base64("Z=g="));
}

TEST(ConstantTime, TellsDifferentFromEqual)
{
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abcd"));
}

}  // namespace
}  // namespace cho40
