#include "adapters/http/codec.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::http {
namespace {

using Stage = RequestDecoder::Stage;

struct Decoded {
    Stage stage = Stage::head;
    std::optional<Errc> error;
    std::string method;
    std::string target;
    std::string body;
    Headers headers;
    std::size_t used = 0;
    bool keep_alive = false;
};

Decoded decode(std::string_view bytes, std::vector<std::size_t> const& pieces = {}, std::size_t body_max = 1024)
{
    RequestDecoder decoder(HeadLimits{1024, 200, 20});
    Decoded out;
    std::string pending;
    std::size_t piece = 0;
    std::size_t at = 0;
    while (true) {
        auto const used = decoder.put(pending);
        pending.erase(0, used);
        out.used += used;
        if (decoder.stage() == Stage::head_done) {
            out.method = decoder.head().method;
            out.target = decoder.head().target;
            out.keep_alive = decoder.head().keep_alive;
            out.headers = decoder.head().headers;
            decoder.begin_body(body_max);
            continue;
        }
        if (decoder.stage() == Stage::done || decoder.stage() == Stage::failed || at == bytes.size()) break;
        auto const size = pieces.empty() ? bytes.size() : std::min(pieces[piece++ % pieces.size()], bytes.size() - at);
        pending += bytes.substr(at, size);
        at += size;
    }
    out.stage = decoder.stage();
    if (out.stage == Stage::failed) {
        out.error = decoder.error().code;
        out.body = decoder.error().detail;
    }
    if (out.stage == Stage::done) out.body = decoder.body();
    return out;
}

TEST(RequestDecoder, ReadsWhatWasSent)
{
    auto const got = decode("POST /v1/x?a=1 HTTP/1.1\r\nHost: h\r\nX-One: a b\r\nContent-Length: 5\r\n\r\nhelloGET");

    EXPECT_EQ(got.stage, Stage::done);
    EXPECT_EQ(got.method, "POST");
    EXPECT_EQ(got.target, "/v1/x?a=1");
    EXPECT_EQ(got.body, "hello");
    EXPECT_EQ(got.headers.get("x-ONE"), "a b");
    EXPECT_EQ(got.used, std::string_view("POST /v1/x?a=1 HTTP/1.1\r\nHost: h\r\nX-One: a b\r\nContent-Length: 5\r\n\r\nhello").size());
    EXPECT_TRUE(got.keep_alive);
}

TEST(RequestDecoder, JoinsChunksAndForgetsTrailers)
{
    auto const got = decode("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                            "3;x=y\r\nabc\r\n4\r\ndefg\r\n0\r\nX-Trailer: t\r\n\r\n");

    EXPECT_EQ(got.stage, Stage::done);
    EXPECT_EQ(got.body, "abcdefg");
    EXPECT_FALSE(got.headers.has("X-Trailer"));
}

struct Bad {
    char const* name;
    std::string bytes;
    Errc code;
};

std::string with_host(std::string const& fields) { return "GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n"; }

Bad const bad_requests[] = {
    {"not_http", "hello world\r\n\r\n", Errc::malformed_request},
    {"tls_hello", std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11), Errc::malformed_request},
    {"version", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", Errc::malformed_request},
    {"bare_line_feed", "GET / HTTP/1.1\nHost: h\n\n", Errc::malformed_request},
    {"space_in_target", "GET /a b HTTP/1.1\r\nHost: h\r\n\r\n", Errc::malformed_request},
    {"control_in_target", "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", Errc::malformed_request},
    {"no_host", "GET / HTTP/1.1\r\n\r\n", Errc::malformed_request},
    {"two_hosts", with_host("Host: g\r\n"), Errc::malformed_request},
    {"space_before_colon", with_host("X-A : 1\r\n"), Errc::malformed_request},
    {"control_in_value", with_host("X-A: a\x01z\r\n"), Errc::malformed_request},
    {"length_not_a_number", with_host("Content-Length: 1x\r\n"), Errc::malformed_request},
    {"length_negative", with_host("Content-Length: -1\r\n"), Errc::malformed_request},
    {"length_too_long_a_number", with_host("Content-Length: 99999999999999999999\r\n"), Errc::malformed_request},
    {"two_lengths", with_host("Content-Length: 3\r\nContent-Length: 4\r\n"), Errc::malformed_request},
    {"list_of_lengths", with_host("Content-Length: 3, 3\r\n"), Errc::malformed_request},
    {"two_equal_lengths", with_host("Content-Length: 3\r\nContent-Length: 3\r\n"), Errc::malformed_request},
    {"length_and_chunked", with_host("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), Errc::malformed_request},
    {"chunked_and_length", with_host("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"), Errc::malformed_request},
    {"gzip_coding", with_host("Transfer-Encoding: gzip\r\n"), Errc::malformed_request},
    {"gzip_then_chunked", with_host("Transfer-Encoding: gzip, chunked\r\n"), Errc::malformed_request},
    {"chunked_twice", with_host("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), Errc::malformed_request},
    {"chunked_in_1_0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", Errc::malformed_request},
    {"chunk_size_not_hex", with_host("Transfer-Encoding: chunked\r\n") + "zz\r\nabc\r\n", Errc::malformed_request},
    {"chunk_without_end", with_host("Transfer-Encoding: chunked\r\n") + "3\r\nabcd\r\n0\r\n\r\n", Errc::malformed_request},
    {"empty_lines", "\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n", Errc::malformed_request},
    {"long_target", "GET /" + std::string(300, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", Errc::uri_too_long},
    {"endless_target", "GET /" + std::string(300, 'a'), Errc::uri_too_long},
    {"endless_method", std::string(300, 'A'), Errc::uri_too_long},
    {"long_field", with_host("X-A: " + std::string(1100, 'a') + "\r\n"), Errc::header_too_large},
    {"endless_field", "GET / HTTP/1.1\r\nHost: h\r\nX-A: " + std::string(1100, 'a'), Errc::header_too_large},
    {"many_bytes_in_fields", with_host("X-A: " + std::string(500, 'a') + "\r\nX-B: " + std::string(600, 'b') + "\r\n"),
     Errc::header_too_large},
    {"many_fields", with_host([] {
         std::string s;
         for (int i = 0; i < 25; ++i) s += "a: b\r\n";
         return s;
     }()),
     Errc::header_too_large},
    {"announced_body", with_host("Content-Length: 1025\r\n"), Errc::body_too_large},
    {"huge_announced_body", with_host("Content-Length: 18446744073709551615\r\n"), Errc::body_too_large},
    {"chunked_body", with_host("Transfer-Encoding: chunked\r\n") + "401\r\n" + std::string(1025, 'x') + "\r\n0\r\n\r\n",
     Errc::body_too_large},
    {"chunk_sum",
     with_host("Transfer-Encoding: chunked\r\n") + "200\r\n" + std::string(512, 'x') + "\r\n201\r\n" + std::string(513, 'x') +
         "\r\n0\r\n\r\n",
     Errc::body_too_large},
    {"huge_chunk", with_host("Transfer-Encoding: chunked\r\n") + "ffffffffffffffff\r\nabc", Errc::body_too_large},
};

class BadRequest : public testing::TestWithParam<Bad> {};

TEST_P(BadRequest, IsRefusedWholeAndByteByByte)
{
    auto const whole = decode(GetParam().bytes);
    auto const bytes = decode(GetParam().bytes, {1});

    ASSERT_EQ(whole.stage, Stage::failed);
    EXPECT_EQ(errc_name(*whole.error), errc_name(GetParam().code));
    ASSERT_EQ(bytes.stage, Stage::failed);
    EXPECT_EQ(errc_name(*bytes.error), errc_name(GetParam().code));
}
INSTANTIATE_TEST_SUITE_P(Table, BadRequest, testing::ValuesIn(bad_requests), [](auto const& info) { return info.param.name; });

RC_GTEST_PROP(RequestDecoder, DoesNotCareHowTheBytesAreCut, ())
{
    auto const body = *rc::gen::container<std::string>(rc::gen::arbitrary<char>());
    bool const chunked = *rc::gen::arbitrary<bool>();
    std::string text = "POST /p HTTP/1.1\r\nHost: h\r\nX-Long: " + std::string(*rc::gen::inRange(0, 300), 'v') + "\r\n";
    if (chunked) {
        text += "Transfer-Encoding: chunked\r\n\r\n";
        for (std::size_t at = 0; at < body.size();) {
            auto const size = *rc::gen::inRange<std::size_t>(1, body.size() - at + 1);
            put_chunk_size(text, size);
            text += body.substr(at, size) + "\r\n";
            at += size;
        }
        text += "0\r\n\r\n";
    } else {
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    auto const pieces = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::size_t>>(rc::gen::inRange<std::size_t>(1, 40)));

    auto const got = decode(text, pieces);

    RC_ASSERT(got.body == body);
    RC_ASSERT(got.stage == Stage::done);
    RC_ASSERT(got.used == text.size());
}

RC_GTEST_PROP(RequestDecoder, AnyBytesEndInAStage, ())
{
    auto const noise = *rc::gen::container<std::string>(rc::gen::elementOf(std::string("GET / HTP1.\r\n:aHost0;\xff chunked")));
    auto const got = decode(noise, {3});
    RC_ASSERT(got.used <= noise.size());
}

Result<Response> read_answer(std::string_view bytes, bool head = false, bool ends = true, ResponseDecoder::Limits limits = {})
{
    ResponseDecoder decoder(limits, head);
    std::string pending;
    for (char c : bytes) {
        if (decoder.done()) break;
        pending += c;
        CHO_TRY(auto const used, decoder.put(pending));
        pending.erase(0, used);
    }
    if (ends) CHO_TRY_DO(decoder.put_end());
    if (!decoder.done()) return fail(Errc::upstream_error, "not done");
    return decoder.take();
}

TEST(ResponseDecoder, ReadsAllWaysAnAnswerCanEnd)
{
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false, false)->body_text(), "hi");
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n", false, false)->body_text(), "hi");
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\n\r\nhi")->body_text(), "hi");
    EXPECT_EQ(read_answer("HTTP/1.1 204 No Content\r\n\r\n", false, false)->status, 204);
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n", true, false)->status, 200);
    EXPECT_EQ(read_answer("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n", false, false)->status, 201);
}

TEST(ResponseDecoder, RefusesWhatIsNotAWholeAnswer)
{
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nhi").error().code, Errc::upstream_error);
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n").error().code, Errc::upstream_error);
    EXPECT_EQ(read_answer("").error().code, Errc::upstream_error);
    EXPECT_EQ(read_answer("SSH-2.0-OpenSSH\r\n").error().code, Errc::upstream_error);
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n" + std::string(30, 'x'), false, true, {1024, 20}).error().code,
              Errc::upstream_error);
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\n\r\n" + std::string(30, 'x'), false, true, {1024, 20}).error().code, Errc::upstream_error);
    EXPECT_EQ(read_answer("HTTP/1.1 200 OK\r\nX: " + std::string(2000, 'x'), false, true, {1024, 20}).error().code, Errc::upstream_error);
}

TEST(Encoding, LineBreaksCannotAddFields)
{
    std::string out;
    put_field(out, "Location", "/a\r\nSet-Cookie: x");
    EXPECT_EQ(out, "Location: /a  Set-Cookie: x\r\n");
}

}  // namespace
}  // namespace cho40::http
