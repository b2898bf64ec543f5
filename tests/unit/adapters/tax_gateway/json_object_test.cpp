#include "adapters/tax_gateway/json_object.h"
#include <gtest/gtest.h>

namespace cho40::tax_gateway {
namespace {

TEST(StrictJson, RefusesWhatAnotherReaderWouldTakeSilently)
{
    EXPECT_EQ(parse_strict_json(R"({"a":1,"a":2})").error().code, Errc::invalid_json);
    EXPECT_EQ(parse_strict_json("{\"a\":\"\xff\"}").error().code, Errc::invalid_utf8);
}

TEST(JsonObject, ReadsWholeNumbersAndNothingElseAsMoney)
{
    auto const value = *parse_strict_json(R"({"ok":5,"float":5.0,"text":"5","big":9223372036854775808,"less":-1})");
    auto in = *JsonObject::of(value, "/x");
    EXPECT_EQ(*in.dong("ok"), Dong(5));
    for (auto const* name : {"float", "text", "big", "less", "absent"}) {
        auto const read = in.dong(name);
        ASSERT_FALSE(read) << name;
        EXPECT_EQ(read.error().pointer, "/x/" + std::string(name));
    }
    EXPECT_TRUE(in.finish());
}

TEST(JsonObject, RefusesMembersNobodyAskedFor)
{
    auto const value = *parse_strict_json(R"({"known":true,"typo":1})");
    auto in = *JsonObject::of(value, "");
    EXPECT_TRUE(*in.flag_or("known", false));
    EXPECT_EQ(in.finish().error().code, Errc::unknown_field);
    EXPECT_EQ(in.finish().error().pointer, "/typo");
}

TEST(JsonObject, NamesAnUnknownMemberByAPointerThatLeadsToIt)
{
    auto const value = *parse_strict_json(R"({"a/b~":1})");
    EXPECT_EQ(JsonObject::of(value, "/x")->finish().error().pointer, "/x/a~1b~0");
}

}  // namespace
}  // namespace cho40::tax_gateway
