#include "adapters/strict_json/strict_json.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::strict_json {
namespace {

using nlohmann::json;

struct BadText {
    char const* name;
    std::string text;
};
BadText const bad_texts[] = {
    {"empty", ""},
    {"blank", "  "},
    {"open", "{"},
    {"trailing_comma", R"({"a":1,})"},
    {"comment", "{/*x*/}"},
    {"two_values", "{} {}"},
    {"single_quotes", "{'a':1}"},
    {"nan", R"({"a":NaN})"},
    {"leading_zero", R"({"a":01})"},
    {"plus", R"({"a":+1})"},
    {"bare_word", R"({a:1})"},
    {"not_utf8", "{\"a\":\"\xff\"}"},
    {"lone_surrogate", R"({"a":"\ud800"})"},
    {"raw_control", "{\"a\":\"\n\"}"},
    {"duplicate", R"({"a":1,"a":1})"},
    {"duplicate_by_escape", R"({"a":1,"\u0061":2})"},
    {"duplicate_deep", R"({"x":[{"a":{"b":1,"c":2,"b":3}}]})"},
    {"duplicate_of_a_long_name", "{\"" + std::string(1000, 'a') + "\":1,\"" + std::string(1000, 'a') + "\":2}"},
    {"too_deep", std::string(33, '[') + std::string(33, ']')},
    {"far_too_deep", std::string(1'000'000, '[')},
    {"number_beyond_double", R"({"a":1e999})"},
};
class Refused : public testing::TestWithParam<BadText> {};

TEST_P(Refused, WithFewWords)
{
    auto const parsed = parse(GetParam().text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, Errc::invalid_json);
    EXPECT_LT(parsed.error().detail.size(), 200U);
}
INSTANTIATE_TEST_SUITE_P(Table, Refused, testing::ValuesIn(bad_texts), [](auto const& info) { return info.param.name; });

TEST(Parse, SaysWhere)
{
    EXPECT_EQ(parse("{\n  \"a\": 1,\n  \"b\" 2\n}").error().detail, "not well-formed JSON at line 3, column 7");
    EXPECT_EQ(parse(R"({"amount":1,"amount":2})").error().detail, "the member \"amount\" is there twice");
}

TEST(Parse, AcceptsWhatIsInTheBounds)
{
    EXPECT_TRUE(parse(std::string(32, '[') + std::string(32, ']')));
    EXPECT_TRUE(parse(R"([{"a":1},{"a":1}])")) << "the same member in two objects";
    auto const text = R"({"a":[1,{"b":"đ"}],"c":null,"d":true,"e":1.5,"f":18446744073709551615})";
    EXPECT_EQ(*parse(text), json::parse(text));
}

TEST(Parse, TakesOnlyWholeNumbersWhereTheyAreAskedFor)
{
    for (auto const* number : {"0", "-7", "9223372036854775807", "-9223372036854775808"}) {
        auto const value = parse(number, Numbers::whole);
        ASSERT_TRUE(value) << number;
        EXPECT_EQ(value->dump(), number);
    }
    for (auto const* number :
         {"50000.0", "5e4", "9223372036854775808", "18446744073709551615", "99999999999999999999999999", "-9223372036854775809"}) {
        auto const value = parse(number, Numbers::whole);
        ASSERT_FALSE(value) << number;
        EXPECT_EQ(value.error().detail, std::string(number) + " is not a whole number within 64 bits");
    }
}

RC_GTEST_PROP(Parse, SurvivesAnything, (std::string const& bytes))
{
    (void)parse(bytes);
    (void)parse("{\"a\":" + bytes + "}", Numbers::whole);
}

TEST(Pointer, EscapesWhatWouldNameAnotherMember)
{
    EXPECT_EQ(pointer("", "a"), "/a");
    EXPECT_EQ(pointer("/a/0", "b/c~d"), "/a/0/b~1c~0d");
}

TEST(Shown, CutsBetweenCharacters)
{
    EXPECT_EQ(shown("abc"), "abc");
    EXPECT_EQ(shown(std::string(40, 'a')), std::string(40, 'a'));
    EXPECT_EQ(shown(std::string(39, 'a') + "ếế"), std::string(39, 'a') + "…");
}

TEST(LineOf, IsWhereTheMemberStandsOrBelongs)
{
    std::string_view const text = "{\n \"a\": 1,\n \"b\": [\n  {\"c\":\n   2\n  },\n  {\n   \"c~/\": 3}],\n \"ab\": 4\n}";
    EXPECT_EQ(line_of(text, ""), 1u);
    EXPECT_EQ(line_of(text, "/a"), 2u);
    EXPECT_EQ(line_of(text, "/b"), 3u);
    EXPECT_EQ(line_of(text, "/b/0"), 4u);
    EXPECT_EQ(line_of(text, "/b/0/c"), 4u) << "the name, not the value below it";
    EXPECT_EQ(line_of(text, "/b/1"), 7u);
    EXPECT_EQ(line_of(text, "/b/1/c~0~1"), 8u);
    EXPECT_EQ(line_of(text, "/b/1/missing/deep"), 7u) << "where it belongs";
    EXPECT_EQ(line_of(text, "/ab"), 9u) << "not that of /a";
    EXPECT_EQ(line_of(text, "/missing"), 1u);
    EXPECT_EQ(line_of("\n\n[1, 2]", "/1"), 3u) << "of a number in an array, its array's";
}

}  // namespace
}  // namespace cho40::strict_json
