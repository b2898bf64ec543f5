#include "adapters/http/cookies.h"
#include "adapters/http/idempotency.h"
#include "adapters/http/ids.h"
#include "adapters/http/instants.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/negotiate.h"
#include "adapters/http/percent.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::http {

struct Stall;
template <>
struct IdPrefix<Stall> {
    static constexpr std::string_view value = "stl";
};

namespace {

Request with(std::string name, std::string value)
{
    Request request;
    request.headers.add(std::move(name), std::move(value));
    return request;
}

TEST(Headers, CompareNamesWithoutCase)
{
    Headers headers;
    headers.add("Set-Cookie", "a");
    headers.add("set-cookie", "b");
    headers.set("X-A", "1");
    headers.set("x-a", "2");
    EXPECT_EQ(headers.count("SET-COOKIE"), 2U);
    EXPECT_EQ(headers.get("X-a"), "2");
    headers.set("set-cookie", "c");
    EXPECT_EQ(headers.count("Set-Cookie"), 1U);
    headers.remove("SET-cookie");
    EXPECT_FALSE(headers.has("Set-Cookie"));
}

TEST(Ids, OnlyTheOwnPrefixIsRead)
{
    Uuid uuid;
    uuid.bytes.fill(0xAB);
    Id<Stall> const id(uuid);
    auto const text = to_text(id);
    EXPECT_EQ(text.substr(0, 4), "stl_");
    EXPECT_EQ(text.size(), 30U);
    EXPECT_EQ(*parse_id<Stall>(text), id);
    for (auto const& wrong : {std::string(), std::string("stl_"), "pay" + text.substr(3), text + "0", text.substr(0, 29),
                              "STL" + text.substr(3), text.substr(4)}) {
        EXPECT_EQ(parse_id<Stall>(wrong).error().code, Errc::not_found) << wrong;
    }
}

RC_GTEST_PROP(Percent, DecodesWhatItEncodes, ())
{
    auto const text = *rc::gen::container<std::string>(rc::gen::distinctFrom(rc::gen::arbitrary<char>(), '\0'));
    RC_ASSERT(percent_decode(percent_encode(text)) == text);
    auto const parameters = parse_parameters(percent_encode(text) + "=" + percent_encode(text));
    RC_ASSERT(parameters.has_value());
    RC_ASSERT(parameters->at(0).value == text);
}

TEST(Percent, RefusesBrokenEscapes)
{
    for (auto const* text : {"%", "%a", "%zz", "a%0", "%00", "% 1"}) EXPECT_FALSE(percent_decode(text)) << text;
    EXPECT_EQ(*percent_decode("a+b%2B"), "a+b+");
    EXPECT_EQ(parse_parameters("a+b=c+d&e&&f=")->size(), 3U);
    EXPECT_EQ(parse_parameters("a+b=c+d")->at(0).name, "a b");
}

TEST(Target, OriginAndAbsoluteFormAreUnderstood)
{
    EXPECT_EQ(split_target("/a/b?c=d")->path, "/a/b");
    EXPECT_EQ(split_target("/a/b?c=d")->query, "c=d");
    EXPECT_EQ(split_target("http://h:80/a?b")->path, "/a");
    EXPECT_EQ(split_target("http://h")->path, "/");
    for (auto const* text : {"", "*", "a", "ftp://h/", "/a#b", "/%zz", "h:443"}) EXPECT_FALSE(split_target(text)) << text;
}

TEST(Language, ParameterBeatsCookieBeatsHeaderBeatsVietnamese)
{
    EXPECT_EQ(language_of(Request()), Language::vi);
    EXPECT_EQ(language_of(with("Accept-Language", "en-US,en;q=0.9")), Language::en);
    EXPECT_EQ(language_of(with("Accept-Language", "en;q=0.2, vi-VN;q=0.9")), Language::vi);
    EXPECT_EQ(language_of(with("Accept-Language", "en;q=0")), Language::vi);
    EXPECT_EQ(language_of(with("Accept-Language", "fr, *")), Language::vi);
    auto request = with("Accept-Language", "en");
    request.cookies.push_back({"lang", "vi"});
    EXPECT_EQ(language_of(request), Language::vi);
    request.query.push_back({"lang", "en"});
    EXPECT_EQ(language_of(request), Language::en);
}

TEST(Trace, OnlyWellFormedContextsPass)
{
    EXPECT_TRUE(is_traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
    for (auto const* text :
         {"", "00-0AF7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
          "00-00000000000000000000000000000000-b7ad6b7169203331-01", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"}) {
        EXPECT_FALSE(is_traceparent(text)) << text;
    }
    EXPECT_TRUE(is_request_id("abcDEF_-12"));
    for (auto const* text : {"", "short", "has space in it", "line\nbreak0"}) EXPECT_FALSE(is_request_id(text));
    EXPECT_FALSE(is_request_id(std::string(65, 'a')));
}

TEST(Cookies, AreReadAndWritten)
{
    auto const cookies = parse_cookies(R"(a=1; __Host-sid="x=y" ;broken; =z; b=)");
    ASSERT_EQ(cookies.size(), 3U);
    EXPECT_EQ(cookies[1].name, "__Host-sid");
    EXPECT_EQ(cookies[1].value, "x=y");
    Response response;
    set_cookie(response, {.name = "__Host-sid", .value = "abc", .max_age = std::chrono::hours(1)});
    EXPECT_EQ(response.headers.get("Set-Cookie"), "__Host-sid=abc; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax");
    EXPECT_DEATH(set_cookie(response, {.name = "a", .value = "x; Domain=evil"}), "");
    EXPECT_DEATH(set_cookie(response, {.name = "__Host-a", .value = "x", .secure = false}), "");
}

TEST(Csrf, UnsafeMethodsNeedTheToken)
{
    auto request = with("X-CSRF-Token", "token-1");
    request.method = Method::post;
    EXPECT_TRUE(check_csrf(request, "token-1"));
    EXPECT_EQ(check_csrf(request, "token-2", "token-2").error().code, Errc::csrf_failed) << "the header, when there, decides";
    EXPECT_FALSE(check_csrf(request, ""));
    Request form;
    form.method = Method::post;
    EXPECT_TRUE(check_csrf(form, "t", "t"));
    EXPECT_FALSE(check_csrf(form, "t"));
    form.method = Method::get;
    EXPECT_TRUE(check_csrf(form, "t"));
}

TEST(Form, IsReadOnlyAsAForm)
{
    auto request = with("Content-Type", "Application/X-WWW-form-urlencoded; charset=UTF-8");
    request.body = "name=B%C3%A0+Th%E1%BA%BF&amount=45000";
    EXPECT_EQ(form_value(*parse_form(request), "name"), "Bà Thế");
    request.body = "a=%f";
    EXPECT_EQ(parse_form(request).error().code, Errc::malformed_request);
    EXPECT_EQ(parse_form(with("Content-Type", "application/json")).error().code, Errc::unsupported_media_type);
}

TEST(IdempotencyKey, IsSixteenToSixtyFourLetters)
{
    std::string const key = "0123456789abcDEF";
    EXPECT_EQ(*idempotency_key(with("Idempotency-Key", key)), key);
    EXPECT_EQ(*idempotency_key(with("idempotency-key", "\"" + key + "\"")), key);
    EXPECT_EQ(idempotency_key(Request()).error().code, Errc::missing_idempotency_key);
    for (auto const& bad : {std::string(), key.substr(1), std::string(65, 'a'), key + " ", key + "é", "\"" + key, std::string("\"")}) {
        EXPECT_EQ(idempotency_key(with("Idempotency-Key", bad)).error().code, Errc::invalid_input) << bad;
    }
    auto twice = with("Idempotency-Key", key);
    twice.headers.add("Idempotency-Key", key);
    EXPECT_EQ(idempotency_key(twice).error().code, Errc::invalid_input);
}

TEST(Fingerprint, SeesEveryPartAndNotTheOrderOfTheQuery)
{
    Request request;
    request.method_text = "POST";
    request.path = "/v1/payments";
    request.query = {{"a", "1"}, {"b", "2"}};
    request.body = "{}";
    auto const first = request_fingerprint(request);
    auto turned = request;
    turned.query = {{"b", "2"}, {"a", "1"}};
    EXPECT_EQ(request_fingerprint(turned), first);
    std::vector<Request> others(5, request);
    others[0].method_text = "PATCH";
    others[1].path = "/v1/payment";
    others[2].query[0].value = "3";
    others[3].body = "{ }";
    others[4].query = {{"a", "1&b=2"}};
    for (auto const& other : others) EXPECT_NE(request_fingerprint(other), first);
}

TEST(IfMatch, WantsOneVersion)
{
    EXPECT_EQ(*if_match_version(with("If-Match", "\"4\"")), 4);
    EXPECT_EQ(if_match_version(Request()).error().code, Errc::if_match_required);
    for (auto const* bad : {"4", "\"\"", "\"x\"", "W/\"4\"", "*", "\"4\", \"5\"", "\"-1\""}) {
        EXPECT_EQ(if_match_version(with("If-Match", bad)).error().code, Errc::invalid_input) << bad;
    }
    EXPECT_EQ(etag(4), "\"4\"");
}

TEST(JsonWriter, WritesMoneyTimeAndState)
{
    auto const since = *parse_rfc3339("2026-11-22T03:15:30.120Z");
    EXPECT_EQ(dump_json(money_json(Dong(45000))), R"({"amount":45000,"currency":"VND"})");
    EXPECT_EQ(dump_json(state_json("paid", true, since)),
              R"({"finished":true,"name":"paid","reason":null,"since":"2026-11-22T03:15:30.120Z"})");
    EXPECT_EQ(dump_json(instant_json(std::nullopt)), "null");
    EXPECT_EQ(dump_json("a\xff"), "\"a\xEF\xBF\xBD\"");
}

TEST(Instants, AreNotCut)
{
    EXPECT_EQ(to_rfc3339_micro(*parse_exact_instant("2026-11-22T10:15:30.123456+07:00")), "2026-11-22T03:15:30.123456Z");
    EXPECT_EQ(to_rfc3339_micro(*parse_exact_instant("2026-11-22T03:15:30Z")), "2026-11-22T03:15:30.000000Z");
    EXPECT_EQ(to_rfc3339_micro(*parse_exact_instant("2026-11-22T03:15:30.120000000Z")), "2026-11-22T03:15:30.120000Z");
    for (char const* bad : {"2026-11-22T03:15:30.1234561Z", "2026-11-22T03:15:30.000000001+07:00", "2026-11-22T03:15:30"}) {
        EXPECT_FALSE(parse_exact_instant(bad)) << bad;
    }
}

}  // namespace
}  // namespace cho40::http
