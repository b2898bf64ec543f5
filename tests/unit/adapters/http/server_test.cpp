#include "adapters/http/client.h"
#include "adapters/http/cookies.h"
#include "tests/support/live_server.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace cho40::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using nlohmann::json;
using tests::LiveServer;
using tests::RawConnection;

asio::awaitable<Result<Response>> echo(Request request)
{
    json seen = {{"method", request.method_text},
                 {"path", request.path},
                 {"body", request.body},
                 {"language", request.language == Language::en ? "en" : "vi"},
                 {"peer", request.peer_address},
                 {"request_id", request.request_id},
                 {"traceparent", request.traceparent},
                 {"secure", request.secure}};
    for (auto const& parameter : request.query) seen["query"].push_back({parameter.name, parameter.value});
    for (auto const& parameter : request.path_parameters) seen["parameters"][parameter.name] = parameter.value;
    for (auto const& cookie : request.cookies) seen["cookies"][cookie.name] = cookie.value;
    co_return Response::json(seen);
}

asio::awaitable<void> wait_for(std::chrono::milliseconds time)
{
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

void usual_routes(Router& router)
{
    router.add(Method::get, "/echo/{rest...}", "echo.get", echo);
    router.add(Method::post, "/echo/{rest...}", "echo.post", echo);
    router.add(Method::get, "/things/{thing}", "things.get", echo);
    router.add(Method::post, "/small", "small", echo, RouteOptions{.body_bytes_max = 10});
    router.add(
        Method::post, "/files", "files",
        [](Request request) -> asio::awaitable<Result<Response>> { co_return Response::text(std::to_string(request.body.size())); },
        RouteOptions{.body_bytes_max = file_bytes_max});
    router.add(Method::get, "/page", "page", [](Request) -> asio::awaitable<Result<Response>> { co_return Response::html("<p>Chợ</p>"); });
    router.add(Method::get, "/throws", "throws", [](Request) -> asio::awaitable<Result<Response>> {
        throw std::runtime_error("the secret reason");
        co_return Response();
    });
    router.add(Method::get, "/refuses", "refuses", [](Request) -> asio::awaitable<Result<Response>> {
        co_return fail(Error(Errc::insufficient_funds, "20.000 left").vi("Còn 20.000 đ."));
    });
    router.add(Method::get, "/slow", "slow", [](Request) -> asio::awaitable<Result<Response>> {
        co_await wait_for(150ms);
        co_return Response::text("done");
    });
    router.add(Method::get, "/never", "never", [](Request) -> asio::awaitable<Result<Response>> {
        co_await wait_for(1h);
        co_return Response::text("never");
    });
    router.add(Method::get, "/large", "large",
               [](Request) -> asio::awaitable<Result<Response>> { co_return Response::text(std::string(3'000'000, 'x')); });
    router.add(Method::get, "/split", "split", [](Request request) -> asio::awaitable<Result<Response>> {
        co_return Response::redirect(request.query_value("to").value_or("/"));
    });
}

std::string get(std::string const& path, std::string const& fields = {})
{
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n";
}
std::string post(std::string const& path, std::string const& body, std::string const& fields = {})
{
    return "POST " + path + " HTTP/1.1\r\nHost: h\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + fields + "\r\n" + body;
}
json body_of(Response const& response) { return json::parse(response.body_text()); }

TEST(Server, GivesTheHandlerADecodedRequest)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/echo/a%20b/c?x=1&y=hai+ba&x=%C4%91",
                 "Cookie: a=1; b=\"2\"\r\nAccept-Language: fr, en-GB;q=0.8, vi;q=0.3\r\nX-Request-Id: abc_12345-z\r\n"
                 "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"));

    auto const response = raw.read_response();
    auto const seen = body_of(response);

    EXPECT_EQ(response.status, 200);
    EXPECT_EQ(seen["parameters"]["rest"], "a b/c");
    EXPECT_EQ(seen["path"], "/echo/a%20b/c");
    EXPECT_EQ(seen["query"], json::parse(R"([["x","1"],["y","hai ba"],["x","đ"]])"));
    EXPECT_EQ(seen["cookies"]["b"], "2");
    EXPECT_EQ(seen["language"], "en");
    EXPECT_EQ(seen["peer"], "127.0.0.1");
    EXPECT_EQ(seen["request_id"], "abc_12345-z");
    EXPECT_EQ(seen["traceparent"], "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    EXPECT_EQ(response.headers.get("X-Request-Id"), "abc_12345-z");
}

TEST(Server, EveryAnswerCarriesTheSecurityHeaders)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    for (auto const* path : {"/page", "/echo/", "/nowhere", "/throws"}) {
        raw.send(get(path));
        auto const response = raw.read_response();
        EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff") << path;
        EXPECT_EQ(response.headers.get("Referrer-Policy"), "no-referrer") << path;
        EXPECT_EQ(response.headers.get("Cache-Control"), "no-store") << path;
        EXPECT_TRUE(response.headers.has("Content-Security-Policy")) << path;
        EXPECT_TRUE(response.headers.get("X-Request-Id").starts_with("req_")) << path;
        EXPECT_TRUE(response.headers.get("Date").ends_with("GMT")) << path;
        EXPECT_FALSE(response.headers.has("Strict-Transport-Security")) << path;
    }
}

TEST(Server, AnErrorBecomesAProblemInTheReadersLanguage)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/refuses"));
    auto const vietnamese = raw.read_response();
    raw.send(get("/refuses?lang=en"));
    auto const english = raw.read_response();

    EXPECT_EQ(vietnamese.status, 409);
    EXPECT_EQ(vietnamese.headers.get("Content-Type"), "application/problem+json; charset=utf-8");
    EXPECT_EQ(vietnamese.headers.get("Content-Language"), "vi");
    EXPECT_EQ(body_of(vietnamese)["detail"], "Còn 20.000 đ.");
    EXPECT_EQ(body_of(vietnamese)["instance"], "/refuses");
    EXPECT_EQ(body_of(vietnamese)["request_id"], vietnamese.headers.get("X-Request-Id"));
    EXPECT_EQ(english.headers.get("Content-Language"), "en");
    EXPECT_EQ(body_of(english)["detail"], "20.000 left");
}

TEST(Server, AnExceptionIsA500ThatSaysNothingAndIsLogged)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/throws"));
    auto const response = raw.read_response();

    EXPECT_EQ(response.status, 500);
    EXPECT_EQ(body_of(response)["code"], "internal_error");
    EXPECT_EQ(response.body_text().find("secret"), std::string_view::npos);
    EXPECT_NE(server.log_lines().find("the secret reason"), std::string::npos);
    raw.send(get("/page"));
    EXPECT_EQ(raw.read_response().status, 200);
}

TEST(Server, UnknownPathsAndMethodsAreProblems)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/nowhere"));
    EXPECT_EQ(raw.read_response().status, 404);
    raw.send("DELETE /page HTTP/1.1\r\nHost: h\r\n\r\n");
    auto const wrong = raw.read_response();
    EXPECT_EQ(wrong.status, 405);
    EXPECT_EQ(wrong.headers.get("Allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(body_of(wrong)["code"], "method_not_allowed");
    raw.send("OPTIONS /page HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(raw.read_response().status, 204);
    raw.send("BREW /page HTTP/1.1\r\nHost: h\r\n\r\n");
    EXPECT_EQ(raw.read_response().status, 405);
    raw.send(get("/things/%zz"));
    EXPECT_EQ(raw.read_response().status, 400);
    raw.send(get("/things/a?x=%f"));
    EXPECT_EQ(raw.read_response().status, 400);
    raw.send("HEAD /page HTTP/1.1\r\nHost: h\r\n\r\n");
    auto const head = raw.read_response(true);
    EXPECT_EQ(head.headers.get("Content-Length"), std::to_string(std::string_view("<p>Chợ</p>").size()));
}

TEST(Server, PipelinedRequestsAreAnsweredInOrder)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/slow") + post("/echo/two", "body two") + get("/echo/three"));

    EXPECT_EQ(raw.read_response().body_text(), "done");
    EXPECT_EQ(body_of(raw.read_response())["body"], "body two");
    EXPECT_EQ(body_of(raw.read_response())["path"], "/echo/three");
}

TEST(Server, BodiesComeInChunksAndPieces)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    std::string const request =
        "POST /echo/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nxin \r\n5\r\nch\xC3\xA0o\r\n0\r\n\r\n";
    for (char c : request) raw.send(std::string_view(&c, 1));
    EXPECT_EQ(body_of(raw.read_response())["body"], "xin chào");

    raw.send(post("/files", std::string(5'000'000, 'z')));
    EXPECT_EQ(raw.read_response().body_text(), "5000000");
}

TEST(Server, TheClientMayWaitForPermissionToSend)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send("POST /echo/ HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(raw.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
    raw.send("abc");
    EXPECT_EQ(body_of(raw.read_response())["body"], "abc");

    raw.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(raw.read_response().status, 413);
}

TEST(Server, LargeAnswersArriveWhole)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/large"));
    EXPECT_EQ(raw.read_response().body_text(), std::string(3'000'000, 'x'));
}

TEST(Server, HalfClosedClientsStillGetTheirAnswer)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/slow"));
    raw.end_sending();
    EXPECT_TRUE(raw.read_to_end().ends_with("done"));
}

TEST(Server, AHandlersHeaderCannotBreakTheAnswer)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/split?to=/a%0d%0aSet-Cookie:%20x=1"));
    auto const response = raw.read_response();
    EXPECT_EQ(response.status, 303);
    EXPECT_FALSE(response.headers.has("Set-Cookie"));
}

struct Bad {
    char const* name;
    std::string bytes;
    int status;
    char const* code;
};
Bad const bad_requests[] = {
    {"not_http", "hello\r\n\r\n", 400, "malformed_request"},
    {"no_host", "GET / HTTP/1.1\r\n\r\n", 400, "malformed_request"},
    {"smuggling", "POST /echo/ HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
     "malformed_request"},
    {"long_target", "GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: h\r\n\r\n", 414, "uri_too_long"},
    {"large_header", "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n", 431, "header_too_large"},
    {"large_body_on_small_route", "POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n01234567890", 413, "body_too_large"},
    {"large_body_nowhere", "POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 1048577\r\n\r\n", 413, "body_too_large"},
    {"broken_chunk", "POST /echo/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n", 400, "malformed_request"},
    {"body_cut_short", "POST /echo/ HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n01234", 400, "malformed_request"},
    {"head_cut_short", "GET /page HTTP/1.1\r\nHo", 400, "malformed_request"},
};
class ServerBadRequest : public testing::TestWithParam<Bad> {};

TEST_P(ServerBadRequest, IsAnsweredWithAProblemAndClosed)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(GetParam().bytes);
    raw.end_sending();

    auto const response = raw.read_response();
    EXPECT_EQ(response.status, GetParam().status);
    EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json; charset=utf-8");
    EXPECT_EQ(response.headers.get("Connection"), "close");
    EXPECT_EQ(body_of(response)["code"], GetParam().code);
    EXPECT_EQ(raw.read_to_end(), "");
    EXPECT_NE(server.metrics.text().find("cho40_http_malformed_total{code=\"" + std::string(GetParam().code) + "\"} 1"), std::string::npos);
}
INSTANTIATE_TEST_SUITE_P(Table, ServerBadRequest, testing::ValuesIn(bad_requests), [](auto const& info) { return info.param.name; });

TEST(Server, TheAnswerToARefusedUploadArrivesBeforeTheEnd)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    // Far more than the socket buffers hold: without lingering the reset would destroy the answer.
    std::thread sender([&] { raw.send("POST /small HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\n" + std::string(200'000, 'x')); });
    EXPECT_EQ(raw.read_response().status, 413);
    sender.join();
}

TEST(Server, ASlowHeaderIsToldSoAndClosed)
{
    LiveServer server(usual_routes, {.header_max = 60ms});
    RawConnection raw(server.port());
    raw.send("GET /page HTTP/1.1\r\nHost: h\r\nX-Slow: ");
    auto const response = raw.read_response();
    EXPECT_EQ(response.status, 408);
    EXPECT_EQ(body_of(response)["code"], "request_timeout");
    EXPECT_EQ(raw.read_to_end(), "");
}

TEST(Server, TricklingBytesDoNotExtendTheDeadline)
{
    LiveServer server(usual_routes, {.header_max = 150ms});
    RawConnection raw(server.port());
    raw.send("GET /page HTTP/1.1\r\nHost: h\r\n");
    std::thread trickle([&] {
        for (int i = 0; i < 1000 && raw.send("a: b\r\n"); ++i) std::this_thread::sleep_for(10ms);
    });
    auto const began = std::chrono::steady_clock::now();
    EXPECT_NE(raw.read_to_end().find(" 408 "), std::string::npos);
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
    trickle.join();
}

TEST(Server, ASlowBodyIsToldSo)
{
    LiveServer server(usual_routes, {.body_max = 60ms});
    RawConnection raw(server.port());
    raw.send("POST /echo/ HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n012");
    EXPECT_EQ(raw.read_response().status, 408);
}

TEST(Server, AnIdleConnectionIsClosedQuietly)
{
    LiveServer server(usual_routes, {.idle_max = 60ms});
    RawConnection raw(server.port());
    raw.send(get("/page"));
    EXPECT_EQ(raw.read_response().status, 200);
    EXPECT_EQ(raw.read_to_end(), "");
}

TEST(Server, AReaderThatTakesNothingIsCut)
{
    LiveServer server(usual_routes, {.write_max = 100ms});
    RawConnection raw(server.port());
    // More than the sockets' buffers hold.
    for (int i = 0; i < 8; ++i) raw.send(get("/large"));
    EXPECT_TRUE(server.wait_for_metric("cho40_http_connections_accepted_total 1\n"));
    EXPECT_TRUE(server.wait_for_metric("cho40_http_connections_open 0\n"));
    EXPECT_LT(raw.read_to_end().size(), 8U * 3'000'000U);
}

TEST(Server, AHandlerThatTakesTooLongIsCancelled)
{
    LiveServer server(usual_routes, {.handler_max = 60ms});
    RawConnection raw(server.port());
    raw.send(get("/never"));
    auto const response = raw.read_response();
    EXPECT_EQ(response.status, 503);
    EXPECT_TRUE(response.headers.has("Retry-After"));
    raw.send(get("/page"));
    EXPECT_EQ(raw.read_response().status, 200) << "the connection goes on";
    raw.send(get("/never"));
    EXPECT_EQ(raw.read_response().status, 503) << "and the deadline holds again";
}

TEST(Server, TooManyConnectionsAreTurnedAway)
{
    LiveServer server(usual_routes, {.connections_max = 2});
    RawConnection one(server.port());
    RawConnection two(server.port());
    one.send(get("/page"));
    EXPECT_EQ(one.read_response().status, 200);
    two.send(get("/page"));
    EXPECT_EQ(two.read_response().status, 200);
    RawConnection three(server.port());
    EXPECT_EQ(three.read_response().status, 503);
    EXPECT_NE(server.metrics.text().find("cho40_http_connections_refused_total 1"), std::string::npos);
    one.send(get("/page"));
    EXPECT_EQ(one.read_response().status, 200);
}

TEST(Server, DrainFinishesWhatRunsAndClosesTheRest)
{
    LiveServer server(usual_routes);
    RawConnection busy(server.port());
    RawConnection idle(server.port());
    idle.send(get("/page"));
    EXPECT_EQ(idle.read_response().status, 200);
    busy.send(get("/slow"));
    // One answer on another connection proves that the server has read what was sent before it.
    idle.send(get("/page"));
    EXPECT_EQ(idle.read_response().status, 200);

    EXPECT_EQ(server.stop(5s), 0U);

    auto const response = busy.read_response();
    EXPECT_EQ(response.body_text(), "done");
    EXPECT_EQ(response.headers.get("Connection"), "close");
    EXPECT_EQ(idle.read_to_end(), "");
}

TEST(Server, DrainCutsWhatDoesNotEnd)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/never"));
    RawConnection other(server.port());
    other.send(get("/page"));
    EXPECT_EQ(other.read_response().status, 200);
    EXPECT_EQ(server.stop(300ms), 1U);
    EXPECT_EQ(raw.read_to_end(), "");
}

TEST(Server, ForwardedAddressesAreBelievedOnlyFromTrustedProxies)
{
    LiveServer trusting(usual_routes);
    RawConnection one(trusting.port());
    one.send(get("/echo/", "X-Forwarded-For: 6.6.6.6, 203.0.113.9, 127.0.0.1\r\nX-Forwarded-Proto: https\r\n"));
    auto const seen = body_of(one.read_response());
    EXPECT_EQ(seen["peer"], "203.0.113.9");
    EXPECT_EQ(seen["secure"], true);

    LiveServer wary(usual_routes, {.trusted_proxies = {}});
    RawConnection two(wary.port());
    two.send(get("/echo/", "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\n"));
    auto const direct = body_of(two.read_response());
    EXPECT_EQ(direct["peer"], "127.0.0.1");
    EXPECT_EQ(direct["secure"], false);
}

TEST(Server, RequestsAreCountedByOperationAndStatus)
{
    LiveServer server(usual_routes);
    RawConnection raw(server.port());
    raw.send(get("/things/a") + get("/things/b") + get("/refuses"));
    for (int i = 0; i < 3; ++i) (void)raw.read_response();  // only the counting matters here
    server.stop(5s);

    auto const text = server.metrics.text();
    EXPECT_NE(text.find(R"(cho40_http_requests_total{operation="things.get",status="200"} 2)"), std::string::npos) << text;
    EXPECT_NE(text.find(R"(cho40_http_requests_total{operation="refuses",status="409"} 1)"), std::string::npos);
    auto const log = server.log_lines();
    EXPECT_NE(log.find(R"("event":"http.request")"), std::string::npos);
    EXPECT_NE(log.find(R"("operation":"refuses","method":"GET","status":409)"), std::string::npos) << log;
}

TEST(Server, APortInUseIsAnErrorNotACrash)
{
    LiveServer first(usual_routes);
    asio::io_context loop;
    SystemClock const clock;
    observability::Log const log(clock, observability::Level::error, [](std::string_view) {});
    observability::Metrics metrics;
    Router router;
    Server second(loop.get_executor(), {.port = first.port()}, router, log, metrics, clock);
    auto const started = second.start();
    ASSERT_FALSE(started);
    EXPECT_EQ(started.error().code, Errc::unavailable);
}

}  // namespace
}  // namespace cho40::http
