#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/message.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::http {

struct Payment;
template <>
struct IdPrefix<Payment> {
    static constexpr std::string_view value = "pay";
};

namespace {

using nlohmann::json;

// What JSON itself forbids is tried in tests/unit/adapters/strict_json.
TEST(ParseJson, RefusesABodyThatIsNotStrictJson)
{
    for (std::string_view const body : {"", "\xEF\xBB\xBF{}", "{\"a\":\"\xff\"}", "{} {}", R"({"a":1,"a":1})"}) {
        auto const parsed = parse_json(body);
        ASSERT_FALSE(parsed) << body;
        EXPECT_EQ(parsed.error().code, Errc::invalid_json) << body;
    }
}

RC_GTEST_PROP(ParseJson, WhatWePrintIsReadBack, ())
{
    auto const pairs = *rc::gen::arbitrary<std::map<int, std::vector<std::int64_t>>>();
    json document = json::object();
    for (auto const& [name, values] : pairs) document[std::to_string(name)] = values;
    auto const text = dump_json(document);
    auto const parsed = parse_json(text);
    RC_ASSERT(parsed.has_value());
    RC_ASSERT(dump_json(*parsed) == text);
}

enum class Kind { fixed, open };

struct Read {
    Dong amount;
    std::optional<std::string> note;
    Kind kind = Kind::fixed;
    std::optional<Id<Payment>> payment;
    std::optional<Day> due;
    std::vector<std::pair<std::string, std::int64_t>> lines;
    std::vector<std::string> tags;
};

Result<Read> read(std::string_view text)
{
    CHO_TRY(auto body, JsonBody::parse(text));
    auto in = body.root();
    Read out;
    out.amount = in.money("amount");
    out.note = in.optional_text("note", {1, 10});
    out.kind = in.one_of<Kind>("kind", {{"fixed", Kind::fixed}, {"open", Kind::open}});
    out.payment = in.optional_id<Payment>("payment");
    out.due = in.optional_day("due_date");
    in.optional_each("lines", {1, 3},
                     [&](ObjectReader line) { out.lines.emplace_back(line.text("name", {1, 20}), line.whole("count", {1, 100})); });
    out.tags = in.optional_texts("tags", {0, 2}, {1, 5});
    CHO_TRY_DO(body.finish());
    return out;
}

TEST(JsonReader, ReadsAWholeRequest)
{
    Uuid uuid;
    uuid.bytes[0] = 1;
    auto const id = to_text(Id<Payment>(uuid));
    // "e" + COMBINING ACUTE comes out composed: one code point.
    auto const got = read(R"({"amount":{"amount":45000,"currency":"VND"},"note":"caf)"
                          "e\xCC\x81"
                          R"(","kind":"open","payment":")" +
                          id + R"(","due_date":"2026-11-22","lines":[{"name":"cá","count":2}],"tags":["a"]})");
    ASSERT_TRUE(got) << got.error().detail;
    EXPECT_EQ(got->amount, Dong(45000));
    EXPECT_EQ(got->note, "caf\xC3\xA9");
    EXPECT_EQ(got->kind, Kind::open);
    EXPECT_EQ(got->payment, Id<Payment>(uuid));
    EXPECT_EQ(got->due, Day::from(2026, 11, 22));
    EXPECT_EQ(got->lines, (std::vector<std::pair<std::string, std::int64_t>>{{"cá", 2}}));
    EXPECT_EQ(got->tags, std::vector<std::string>{"a"});
}

struct BadField {
    char const* name;
    std::string text;
    std::string pointer;
    Errc code;
};
std::string const good_amount = R"("amount":{"amount":1,"currency":"VND"},"kind":"open")";
BadField const bad_fields[] = {
    {"missing", R"({"kind":"open"})", "/amount", Errc::required},
    {"null", R"({"amount":null,"kind":"open"})", "/amount", Errc::required},
    {"bare_number", R"({"amount":5,"kind":"open"})", "/amount", Errc::wrong_type},
    {"float", R"({"amount":{"amount":25000.0,"currency":"VND"},"kind":"open"})", "/amount/amount", Errc::wrong_type},
    {"exponent", R"({"amount":{"amount":2e4,"currency":"VND"},"kind":"open"})", "/amount/amount", Errc::wrong_type},
    {"text_number", R"({"amount":{"amount":"5","currency":"VND"},"kind":"open"})", "/amount/amount", Errc::wrong_type},
    {"zero", R"({"amount":{"amount":0,"currency":"VND"},"kind":"open"})", "/amount/amount", Errc::too_small},
    {"negative", R"({"amount":{"amount":-5,"currency":"VND"},"kind":"open"})", "/amount/amount", Errc::too_small},
    {"fourteen_digits", R"({"amount":{"amount":10000000000000,"currency":"VND"},"kind":"open"})", "/amount/amount", Errc::too_large},
    {"beyond_int64", R"({"amount":{"amount":18446744073709551615,"currency":"VND"},"kind":"open"})", "/amount/amount", Errc::too_large},
    {"dollars", R"({"amount":{"amount":5,"currency":"USD"},"kind":"open"})", "/amount/currency", Errc::currency_not_vnd},
    {"unknown_in_money", R"({"amount":{"amount":5,"currency":"VND","x":1},"kind":"open"})", "/amount/x", Errc::unknown_field},
    {"note_empty", "{" + good_amount + R"(,"note":""})", "/note", Errc::text_too_short},
    {"note_long", "{" + good_amount + R"(,"note":"đđđđđđđđđđđ"})", "/note", Errc::text_too_long},
    {"note_control", "{" + good_amount + R"(,"note":"a\u0007"})", "/note", Errc::invalid_format},
    {"note_number", "{" + good_amount + R"(,"note":1})", "/note", Errc::wrong_type},
    {"kind_unknown", R"({"amount":{"amount":1,"currency":"VND"},"kind":"OPEN"})", "/kind", Errc::unknown_value},
    {"id_prefix", "{" + good_amount + R"(,"payment":"stl_00000000000000000000000000"})", "/payment", Errc::invalid_format},
    {"id_upper_case", "{" + good_amount + R"(,"payment":"pay_0000000000000000000000000A"})", "/payment", Errc::invalid_format},
    {"day", "{" + good_amount + R"(,"due_date":"2026-02-30"})", "/due_date", Errc::invalid_date},
    {"lines_empty", "{" + good_amount + R"(,"lines":[]})", "/lines", Errc::too_few},
    {"lines_many", "{" + good_amount + R"(,"lines":[{},{},{},{}]})", "/lines", Errc::too_many},
    {"line_not_object", "{" + good_amount + R"(,"lines":[{"name":"a","count":1},7]})", "/lines/1", Errc::wrong_type},
    {"line_unknown", "{" + good_amount + R"(,"lines":[{"name":"a","count":1,"a/b~c":0}]})", "/lines/0/a~1b~0c", Errc::unknown_field},
    {"tag_long", "{" + good_amount + R"(,"tags":["aaaaaa"]})", "/tags/0", Errc::text_too_long},
    {"unknown", "{" + good_amount + R"(,"amuont":1})", "/amuont", Errc::unknown_field},
};
class BadMember : public testing::TestWithParam<BadField> {};

TEST_P(BadMember, IsNamedByItsPointer)
{
    auto const got = read(GetParam().text);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, GetParam().code == Errc::unknown_field ? Errc::unknown_field : Errc::validation_failed);
    ASSERT_EQ(got.error().fields.size(), 1U) << got.error().fields[0].pointer << " " << got.error().fields[1].pointer;
    EXPECT_EQ(got.error().fields[0].pointer, GetParam().pointer);
    EXPECT_EQ(errc_name(got.error().fields[0].code), errc_name(GetParam().code));
    EXPECT_FALSE(got.error().fields[0].detail_vi.empty());
}
INSTANTIATE_TEST_SUITE_P(Table, BadMember, testing::ValuesIn(bad_fields), [](auto const& info) { return info.param.name; });

TEST(JsonReader, FindsAllErrorsAtOnce)
{
    auto const got = read(R"({"amount":{"amount":-1},"kind":3,"due_date":"x","extra":1,"lines":[{"count":0}]})");
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, Errc::validation_failed);
    std::vector<std::string> pointers;
    for (auto const& field : got.error().fields) pointers.push_back(field.pointer);
    EXPECT_EQ(pointers, (std::vector<std::string>{"/amount/amount", "/amount/currency", "/due_date", "/extra", "/kind", "/lines/0/count",
                                                  "/lines/0/name"}));
}

TEST(JsonReader, ARequestMustSayThatItIsJson)
{
    struct Case {
        char const* type;
        bool good;
    };
    for (auto const& c : {Case{"application/json", true}, Case{"Application/JSON; charset=utf-8", true}, Case{"", false},
                          Case{"text/plain", false}, Case{"application/x-www-form-urlencoded", false}, Case{"application/jsonx", false}}) {
        Request request;
        request.body = "{}";
        if (*c.type) request.headers.add("Content-Type", c.type);
        auto const body = JsonBody::parse(request);
        EXPECT_EQ(body.has_value(), c.good) << c.type;
        if (!body) EXPECT_EQ(body.error().code, Errc::unsupported_media_type);
    }
}

TEST(JsonReader, NullAndAbsentAreToldApart)
{
    auto body = JsonBody::parse(R"({"phone":null})");
    ASSERT_TRUE(body);
    auto in = body->root();
    EXPECT_TRUE(in.has("phone"));
    EXPECT_TRUE(in.is_null("phone"));
    EXPECT_FALSE(in.has("name"));
    EXPECT_FALSE(in.is_null("name"));
    EXPECT_TRUE(body->finish());
}

TEST(JsonReader, NestedObjectsAreOptionalOrNot)
{
    auto const read_reason = [](std::string_view text) -> Result<std::string> {
        CHO_TRY(auto body, JsonBody::parse(text));
        auto in = body.root();
        auto reason = in.object("reason");
        auto const code = reason.text("code", {1, 20});
        CHO_TRY_DO(body.finish());
        return code;
    };
    EXPECT_EQ(*read_reason(R"({"reason":{"code":"late"}})"), "late");
    EXPECT_EQ(read_reason("{}").error().fields.size(), 1U) << "what is not there has no errors of its own";
    EXPECT_EQ(read_reason(R"({"reason":7})").error().fields.size(), 1U);
    EXPECT_EQ(read_reason(R"({"reason":{"code":"a","text":"b"}})").error().fields[0].pointer, "/reason/text");
    EXPECT_EQ(JsonBody::parse("[]").error().code, Errc::wrong_type);
}

}  // namespace
}  // namespace cho40::http
