#include "adapters/rails/members.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::rails {
namespace {

struct Refused {
    char const* name;
    std::string bytes;
    Errc code;
};

std::string nested(int depth)
{
    std::string text = R"({"a":)";
    for (int i = 1; i < depth; ++i) text += "[";
    text += "1";
    for (int i = 1; i < depth; ++i) text += "]";
    return text + "}";
}

Refused const refused[] = {
    {"too_large", std::string(body_bytes_max + 1, ' '), Errc::body_too_large},
    {"not_utf8", "{\"a\":\"\xff\"}", Errc::invalid_utf8},
    {"empty", "", Errc::invalid_json},
    {"not_json", "amount=1", Errc::invalid_json},
    {"cut_off", R"({"a":1)", Errc::invalid_json},
    {"something_after_it", R"({"a":1} {})", Errc::invalid_json},
    {"not_an_object", "[1]", Errc::invalid_json},
    {"bare_number", "1", Errc::invalid_json},
    {"duplicate_member", R"({"amount":1,"amount":2})", Errc::invalid_json},
    {"duplicate_member_inside", R"({"data":{"amount":1,"x":[],"amount":2}})", Errc::invalid_json},
    {"duplicate_by_escape", R"({"amount":1,"\u0061mount":2})", Errc::invalid_json},
    {"double", R"({"amount":50000.0})", Errc::invalid_json},
    {"exponent", R"({"amount":5e4})", Errc::invalid_json},
    {"beyond_64_bits", R"({"amount":9223372036854775808})", Errc::invalid_json},
    {"far_beyond", R"({"amount":99999999999999999999999999})", Errc::invalid_json},
    {"leading_zero", R"({"amount":050})", Errc::invalid_json},
    {"lone_surrogate", R"({"a":"\ud800"})", Errc::invalid_json},
    {"too_deep", nested(33), Errc::invalid_json},
    {"very_deep", R"({"a":)" + std::string(500'000, '['), Errc::invalid_json},
};

class Notification : public testing::TestWithParam<Refused> {};

TEST_P(Notification, RefusesWhatCanBeReadInTwoWays)
{
    auto const value = parse_notification(GetParam().bytes);
    ASSERT_FALSE(value);
    EXPECT_EQ(errc_name(value.error().code), errc_name(GetParam().code)) << value.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Rows, Notification, testing::ValuesIn(refused), [](auto const& i) { return std::string(i.param.name); });

TEST(NotificationAccepted, EveryOrdinaryValue)
{
    auto const value = parse_notification(R"({"a":[{"x":1},{"x":2}],"b":null,"c":true,"d":-9223372036854775808,"e":"\u00e1","f":{}})");
    ASSERT_TRUE(value) << value.error().detail;
    EXPECT_EQ(value->dump(), "{\"a\":[{\"x\":1},{\"x\":2}],\"b\":null,\"c\":true,\"d\":-9223372036854775808,\"e\":\"\xC3\xA1\",\"f\":{}}");
    EXPECT_TRUE(parse_notification(nested(32)));
}

TEST(NotificationRefusal, CanAlwaysBePrinted)
{
    std::string const name = "abc" + std::string("ếếếếếếếếếếếếếếếếếếế");
    auto const value = parse_notification("{\"" + name + "\":1,\"" + name + "\":2}");
    ASSERT_FALSE(value);
    EXPECT_NO_THROW((void)nlohmann::json(value.error().detail).dump()) << "a name is cut between characters";
}

TEST(Members, SayWhereAndWhat)
{
    auto const value = *parse_notification(R"({"t":"x","n":7,"zero":0,"much":10000000000000,"nil":null,"long":"áááá"})");
    Members const members(value, "/data");
    EXPECT_EQ(*members.text("t", 1), "x");
    EXPECT_EQ(members.text("u", 1).error().code, Errc::required);
    EXPECT_EQ(members.text("u", 1).error().pointer, "/data/u");
    EXPECT_EQ(members.text("n", 1).error().code, Errc::wrong_type);
    EXPECT_EQ(members.text("nil", 1).error().code, Errc::wrong_type);
    EXPECT_EQ(members.text("long", 3).error().code, Errc::text_too_long);
    EXPECT_TRUE(members.text("long", 4)) << "characters are counted, not bytes";
    EXPECT_EQ(*members.optional_text("u", 1), "");
    EXPECT_EQ(*members.optional_text("nil", 1), "");
    EXPECT_EQ(members.optional_text("n", 1).error().code, Errc::wrong_type);
    EXPECT_EQ(*members.whole("n"), 7);
    EXPECT_EQ(members.whole("t").error().code, Errc::wrong_type);
    EXPECT_EQ(*members.amount("n"), Dong(7));
    EXPECT_EQ(members.amount("zero").error().code, Errc::amount_not_positive);
    EXPECT_EQ(members.amount("much").error().code, Errc::amount_overflow);
}

TEST(Members, GiveTextThatCanBeStoredAndCompared)
{
    auto const value = *parse_notification(R"({"t":"tie\u0302\u0300n\u0000ca\n"})");
    EXPECT_EQ(*Members(value, "").text("t", 100), "tiền ca ");
}

RC_GTEST_PROP(NotificationRefusal, SurvivesAnything, (std::string const& bytes))
{
    (void)parse_notification(bytes);
    (void)parse_notification("{\"a\":" + bytes + "}");
}

}  // namespace
}  // namespace cho40::rails
