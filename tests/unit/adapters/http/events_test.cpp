#include "adapters/http/event_channel.h"
#include "tests/support/live_server.h"
#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::http {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using tests::LiveServer;
using tests::RawConnection;

std::string const request = "GET /live HTTP/1.1\r\nHost: h\r\nAccept: text/event-stream\r\n";

void serve(Router& router, std::function<EventSource(Request)> source)
{
    router.add(Method::get, "/live", "live", [source = std::move(source)](Request request_in) -> asio::awaitable<Result<Response>> {
        co_return Response::event_stream(source(std::move(request_in)));
    });
}

TEST(EventText, KeepsLinesAndRefusesToSmuggleFields)
{
    EXPECT_EQ(event_text("7", "payment.paid", "{}"), "id: 7\nevent: payment.paid\ndata: {}\n\n");
    EXPECT_EQ(event_text("", "", "a\nb"), "data: a\ndata: b\n\n");
    EXPECT_EQ(event_text("1\nevent: x", "e\r\ndata: y", "z\r"), "id: 1event: x\nevent: edata: y\ndata: z\n\n");
}

TEST(Events, ComeInOrderAndResumeFromTheLastId)
{
    LiveServer server([](Router& router) {
        serve(router, [](Request request_in) -> EventSource {
            auto const after = std::stoi("0" + std::string(request_in.header("Last-Event-ID")));
            return [after](EventSink& sink) -> asio::awaitable<void> {
                for (int i = after + 1; i <= 5; ++i) {
                    auto const sent = co_await sink.send(std::to_string(i), "tick", "n" + std::to_string(i));
                    if (!sent) co_return;
                }
            };
        });
    });
    RawConnection raw(server.port());
    raw.send(request + "Last-Event-ID: 3\r\n\r\n");

    auto const response = raw.read_response();
    EXPECT_EQ(response.headers.get("Content-Type"), "text/event-stream; charset=utf-8");
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store");
    EXPECT_EQ(response.body_text(), "retry: 2000\n\nid: 4\nevent: tick\ndata: n4\n\nid: 5\nevent: tick\ndata: n5\n\n");
    EXPECT_EQ(raw.read_to_end(), "");
}

EventSource waits_for_ever(std::atomic<int>& ended)
{
    return [&ended](EventSink& sink) -> asio::awaitable<void> {
        struct Mark {
            std::atomic<int>& ended;
            ~Mark() { ++ended; }
        } mark{ended};
        auto const sent = co_await sink.send("1", "hello", "you");
        if (!sent) co_return;
        asio::steady_timer timer(co_await asio::this_coro::executor, 1h);
        co_await timer.async_wait(asio::use_awaitable);
    };
}

TEST(Events, QuietStreamsCarryComments)
{
    std::atomic<int> ended = 0;
    LiveServer server([&](Router& router) { serve(router, [&](Request) { return waits_for_ever(ended); }); },
                      {.event_comment_every = 20ms});
    RawConnection raw(server.port());
    raw.send(request + "\r\n");
    EXPECT_FALSE(raw.read_until(":\n\n").empty());
    EXPECT_FALSE(raw.read_until(":\n\n").empty());
}

TEST(Events, TheSourceIsCancelledWhenTheReaderLeaves)
{
    std::atomic<int> ended = 0;
    LiveServer server([&](Router& router) { serve(router, [&](Request) { return waits_for_ever(ended); }); });
    {
        RawConnection raw(server.port());
        raw.send(request + "\r\n");
        EXPECT_FALSE(raw.read_until("data: you").empty());
    }
    for (int i = 0; i < 500 && ended == 0; ++i) std::this_thread::sleep_for(10ms);
    EXPECT_EQ(ended, 1);
}

TEST(Events, DrainEndsStreamsAtOnce)
{
    std::atomic<int> ended = 0;
    LiveServer server([&](Router& router) { serve(router, [&](Request) { return waits_for_ever(ended); }); });
    RawConnection raw(server.port());
    raw.send(request + "\r\n");
    EXPECT_FALSE(raw.read_until("data: you").empty());

    EXPECT_EQ(server.stop(5s), 0U);

    EXPECT_EQ(ended, 1);
    EXPECT_TRUE(raw.read_to_end().ends_with("0\r\n\r\n")) << "an orderly end";
}

TEST(Events, ASlowReaderHoldsTheSourceBackAndIsCutInTheEnd)
{
    std::atomic<int> sent = 0;
    std::atomic<bool> refused = false;
    LiveServer server(
        [&](Router& router) {
            serve(router, [&](Request) -> EventSource {
                return [&](EventSink& sink) -> asio::awaitable<void> {
                    while (true) {
                        auto const done = co_await sink.send("", "", std::string(10'000, 'x'));
                        if (!done) {
                            refused = true;
                            co_return;
                        }
                        ++sent;
                    }
                };
            });
        },
        {.write_max = 100ms});
    RawConnection raw(server.port());
    raw.send(request + "\r\n");
    EXPECT_TRUE(server.wait_for_metric("cho40_http_requests_total{operation=\"live\",status=\"200\"} 1\n"));
    EXPECT_LT(sent, 2000) << "bounded by the socket buffers and 64 KiB of ours";
}

TEST(Events, AThrowingSourceIsLoggedAndEndsTheStream)
{
    LiveServer server([](Router& router) {
        serve(router, [](Request) -> EventSource {
            return [](EventSink&) -> asio::awaitable<void> {
                throw std::runtime_error("source broke");
                co_return;
            };
        });
    });
    RawConnection raw(server.port());
    raw.send(request + "\r\n");
    EXPECT_NE(raw.read_to_end().find("200 OK"), std::string::npos);
    server.stop(5s);
    EXPECT_NE(server.log_lines().find("source broke"), std::string::npos);
}

}  // namespace
}  // namespace cho40::http
