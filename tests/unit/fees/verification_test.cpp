#include "fees/verification.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <set>

namespace cho40::fees {
namespace {

TEST(LookupCode, IsReadInAnyCaseWithOrWithoutDashes)
{
    auto const code = LookupCode::draw(system_random());
    std::string lower = code.grouped();
    for (auto& c : lower) c = static_cast<char>(std::tolower(c));
    EXPECT_EQ(LookupCode::parse(code.text()), code);
    EXPECT_EQ(LookupCode::parse(code.grouped()), code);
    EXPECT_EQ(LookupCode::parse(" " + lower + " "), code);
}

class WrongCode : public testing::TestWithParam<char const*> {};
TEST_P(WrongCode, IsNotRead) { EXPECT_FALSE(LookupCode::parse(GetParam())); }
INSTANTIATE_TEST_SUITE_P(Table, WrongCode,
                         testing::Values("", "2", "22222222222", "2222222222222", "22222222222O", "222222222223", "2222/2222222",
                                         "222222222222\n", "../../etc/passwd"));

TEST(LookupCode, AllZeroBodyHasItsOwnCheckCharacter) { EXPECT_TRUE(LookupCode::parse("2222-2222-2222")); }

TEST(LookupCode, DrawsDoNotRepeat)
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) EXPECT_TRUE(seen.insert(LookupCode::draw(system_random()).text()).second);
}

RC_GTEST_PROP(LookupCodeProperty, OneWrongCharacterIsAlwaysSeen, ())
{
    constexpr std::string_view alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    auto const code = LookupCode::draw(system_random());
    auto text = code.text();
    auto const place = *rc::gen::inRange<std::size_t>(0, LookupCode::length);
    auto const letter = alphabet[*rc::gen::inRange<std::size_t>(0, alphabet.size())];
    RC_PRE(text[place] != letter);
    text[place] = letter;
    RC_ASSERT(!LookupCode::parse(text));
}

}  // namespace
}  // namespace cho40::fees
