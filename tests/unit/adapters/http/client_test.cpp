#include "adapters/http/client.h"
#include "adapters/http/connect.h"
#include "base/with_deadline.h"
#include "tests/support/live_server.h"
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

namespace cho40::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using tests::LiveServer;

void routes(Router& router)
{
    router.add(Method::get, "/hello", "hello", [](Request request) -> asio::awaitable<Result<Response>> {
        co_return Response::text("hello " + request.query_value("to").value_or("nobody"));
    });
    router.add(
        Method::post, "/echo", "echo",
        [](Request request) -> asio::awaitable<Result<Response>> {
            co_return Response::text(request.body, 201).header("X-Got", std::string(request.header("X-Give")));
        },
        RouteOptions{.body_bytes_max = 10'000'000});
    router.add(Method::get, "/slow", "slow", [](Request) -> asio::awaitable<Result<Response>> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 100ms);
        co_await timer.async_wait(asio::use_awaitable);
        co_return Response::text("slow");
    });
    router.add(Method::get, "/large", "large",
               [](Request) -> asio::awaitable<Result<Response>> { co_return Response::text(std::string(2'000'000, 'l')); });
}

// Calls on the loop of the server: one thread for both, as in the service.
struct Caller {
    explicit Caller(LiveServer& live, ClientOptions options = {})
        : server(live), client(std::make_unique<Client>(live.loop().get_executor(), std::move(options), live.metrics))
    {
    }
    ~Caller() { server.on_loop(close()); }
    CallResult call(Outgoing request) { return server.on_loop(client->call(std::move(request))); }
    asio::awaitable<bool> close()
    {
        client.reset();
        co_return true;
    }
    LiveServer& server;
    std::unique_ptr<Client> client;
};

TEST(Client, CallsAndKeepsTheConnection)
{
    LiveServer server(routes);
    Caller caller(server);
    for (int i = 0; i < 3; ++i) {
        auto const got = caller.call(Outgoing(Method::get, server.url("/hello?to=b%C3%A0")));
        ASSERT_TRUE(got.response) << got.response.error().detail;
        EXPECT_EQ(got.response->body_text(), "hello bà");
        EXPECT_EQ(got.sent, Sent::answered);
    }
    Outgoing request(Method::post, server.url("/echo"), std::string(3'000'000, 'b'));
    request.headers.add("X-Give", "one");
    auto const posted = caller.call(std::move(request));
    ASSERT_TRUE(posted.response);
    EXPECT_EQ(posted.response->status, 201);
    EXPECT_EQ(posted.response->headers.get("X-Got"), "one");
    EXPECT_EQ(posted.response->body_text().size(), 3'000'000U);
    EXPECT_NE(server.metrics.text().find("cho40_http_connections_accepted_total 1\n"), std::string::npos);
}

TEST(Client, AnAnswerOfAnyStatusIsAnAnswer)
{
    LiveServer server(routes);
    Caller caller(server);
    auto const got = caller.call(Outgoing(Method::get, server.url("/nowhere")));
    ASSERT_TRUE(got.response);
    EXPECT_EQ(got.response->status, 404);
}

TEST(Client, ADeadlineAfterSendingLeavesTheOutcomeUnknown)
{
    LiveServer server(routes);
    Caller caller(server);
    Outgoing request(Method::get, server.url("/slow"));
    request.deadline = 20ms;
    auto const got = caller.call(std::move(request));
    ASSERT_FALSE(got.response);
    EXPECT_EQ(got.response.error().code, Errc::upstream_timeout);
    EXPECT_EQ(got.sent, Sent::unknown);
    EXPECT_TRUE(caller.call(Outgoing(Method::get, server.url("/hello"))).response) << "the next call has a fresh connection";
}

TEST(Client, NobodyListeningMeansSurelyNotSent)
{
    std::uint16_t port = 0;
    {
        asio::io_context loop;
        asio::ip::tcp::acceptor const gone(loop, {asio::ip::address_v4::loopback(), 0});
        port = gone.local_endpoint().port();
    }
    LiveServer server(routes);
    Caller caller(server);
    auto const got = caller.call(Outgoing(Method::post, "http://127.0.0.1:" + std::to_string(port) + "/", "x"));
    ASSERT_FALSE(got.response);
    EXPECT_EQ(got.response.error().code, Errc::upstream_error);
    EXPECT_EQ(got.sent, Sent::no);
}

TEST(Client, AnAnswerThatIsTooLargeIsAnError)
{
    LiveServer server(routes);
    Caller caller(server, {.response_bytes_max = 1'000'000});
    auto const got = caller.call(Outgoing(Method::get, server.url("/large")));
    ASSERT_FALSE(got.response);
    EXPECT_EQ(got.response.error().code, Errc::upstream_error);
}

TEST(Client, BadAddressesAreRefused)
{
    LiveServer server(routes);
    Caller caller(server);
    for (auto const* url : {"", "/path", "ftp://h/", "http://", "http://user:secret@h/", "http://h:99999/", "http://h/a b"}) {
        auto const got = caller.call(Outgoing(Method::get, url));
        ASSERT_FALSE(got.response) << url;
        EXPECT_EQ(got.sent, Sent::no) << url;
        EXPECT_EQ(got.response.error().detail.find("secret"), std::string::npos);
    }
}

TEST(Client, MoreCallsThanConnectionsWaitTheirTurn)
{
    LiveServer server(routes);
    Caller caller(server, {.connections_max = 2, .waiting_max = 3});
    std::vector<std::future<CallResult>> calls;
    for (int i = 0; i < 6; ++i) {
        calls.push_back(asio::co_spawn(server.loop(), caller.client->call(Outgoing(Method::get, server.url("/slow"))), asio::use_future));
    }
    int answered = 0;
    int refused = 0;
    for (auto& call : calls) {
        auto const got = call.get();
        if (got.response) {
            ++answered;
        } else {
            EXPECT_EQ(got.response.error().code, Errc::unavailable);
            EXPECT_EQ(got.sent, Sent::no);
            ++refused;
        }
    }
    EXPECT_EQ(answered, 5);
    EXPECT_EQ(refused, 1);
    EXPECT_NE(server.metrics.text().find("cho40_http_connections_accepted_total 2\n"), std::string::npos);
}

TEST(Client, ACallThatGivesUpWaitingDoesNotBlockTheNext)
{
    LiveServer server(routes);
    Caller caller(server, {.connections_max = 1});
    auto first = asio::co_spawn(server.loop(), caller.client->call(Outgoing(Method::get, server.url("/slow"))), asio::use_future);
    Outgoing hasty(Method::get, server.url("/hello"));
    hasty.deadline = 10ms;
    auto second = asio::co_spawn(server.loop(), caller.client->call(std::move(hasty)), asio::use_future);
    auto third = asio::co_spawn(server.loop(), caller.client->call(Outgoing(Method::get, server.url("/hello"))), asio::use_future);

    EXPECT_TRUE(first.get().response);
    auto const gave_up = second.get();
    EXPECT_EQ(gave_up.response.error().code, Errc::upstream_timeout);
    EXPECT_EQ(gave_up.sent, Sent::no);
    EXPECT_TRUE(third.get().response);
}

// A peer that answers each connection's first request with `answer` and then closes.
class OneShotPeer {
public:
    explicit OneShotPeer(asio::io_context& loop, std::string answer, bool keep_open = false)
        : acceptor_(loop, {asio::ip::address_v4::loopback(), 0}), answer_(std::move(answer)), keep_open_(keep_open)
    {
        done_ = asio::co_spawn(loop, run(), asio::use_future);
    }
    ~OneShotPeer()
    {
        asio::post(acceptor_.get_executor(), [this] { acceptor_.close(); });
        done_.wait();
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/"; }
    std::atomic<int> connections = 0;

private:
    asio::awaitable<void> run()
    {
        std::vector<asio::ip::tcp::socket> kept;
        while (true) {
            auto [error, socket] = co_await acceptor_.async_accept(asio::as_tuple(asio::use_awaitable));
            if (error) co_return;
            ++connections;
            std::array<char, 4096> bytes{};
            co_await socket.async_read_some(asio::buffer(bytes), asio::as_tuple(asio::use_awaitable));
            co_await asio::async_write(socket, asio::buffer(answer_), asio::as_tuple(asio::use_awaitable));
            if (keep_open_) kept.push_back(std::move(socket));
        }
    }
    asio::ip::tcp::acceptor acceptor_;
    std::string answer_;
    bool keep_open_;
    std::future<void> done_;
};

TEST(Client, AKeptConnectionThatWasClosedIsNotUsedAgain)
{
    LiveServer server(routes);
    OneShotPeer peer(server.loop(), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    Caller caller(server);
    for (int i = 0; i < 3; ++i) {
        auto const got = caller.call(Outgoing(Method::post, peer.url(), "x"));
        ASSERT_TRUE(got.response) << got.response.error().detail;
    }
    EXPECT_EQ(peer.connections, 3);
}

TEST(Client, SilenceCutAnswersAndNoiseAreErrorsOfTheOtherSide)
{
    LiveServer server(routes);
    Caller caller(server);
    for (auto const* answer : {"", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhi", "SSH-2.0-x\r\n",
                               "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel"}) {
        OneShotPeer peer(server.loop(), answer);
        auto const got = caller.call(Outgoing(Method::post, peer.url(), "x"));
        ASSERT_FALSE(got.response) << answer;
        EXPECT_EQ(got.response.error().code, Errc::upstream_error);
        EXPECT_EQ(got.sent, Sent::unknown);
    }
}

TEST(Client, WhatFollowsAnAnswerIsNotTakenForTheNext)
{
    LiveServer server(routes);
    OneShotPeer peer(server.loop(), "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil", true);
    Caller caller(server);
    for (int i = 0; i < 2; ++i) {
        auto const got = caller.call(Outgoing(Method::get, peer.url()));
        ASSERT_TRUE(got.response);
        EXPECT_EQ(got.response->body_text(), "ok");
    }
    EXPECT_EQ(peer.connections, 2);
}

TEST(Resolve, KnowsNamesAndAddresses)
{
    asio::io_context loop;
    auto const resolve_now = [&](std::string host) {
        auto found = asio::co_spawn(loop, resolve(std::move(host), "80"), asio::use_future);
        loop.restart();
        loop.run();
        return found.get();
    };
    EXPECT_EQ(resolve_now("127.0.0.1")->front().port(), 80);
    EXPECT_TRUE(resolve_now("::1")->front().address().is_v6());
    EXPECT_FALSE(resolve_now("localhost")->empty());
}

}  // namespace
}  // namespace cho40::http
