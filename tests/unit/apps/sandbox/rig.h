#pragma once
#include "adapters/http/client.h"
#include "adapters/http/server.h"
#include "adapters/rails/providers/vietqr.h"
#include "adapters/rails/rail.h"
#include "apps/sandbox/sandbox.h"
#include "tests/support/loop.h"
#include <deque>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cho40::sandbox::tests_ {

using nlohmann::json;

constexpr char const* payos_id = "rla_payos";
constexpr char const* vietqr_id = "rla_vietqr";
constexpr char const* payos_secret = "checksum-key";
constexpr char const* vietqr_secret = "market:s3cret";

// What the service would have heard: notifications that its own readers found authentic.
class FakeService {
public:
    FakeService(boost::asio::any_io_executor executor, observability::Log const& log, observability::Metrics& metrics, Clock const& clock)
        : server((add_routes(), executor), http::ServerOptions(), router, log, metrics, clock)
    {
        EXPECT_TRUE(server.start());
    }
    [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(server.port()); }

    http::Router router;
    std::vector<qr_pay::BankCredit> credits;
    std::vector<std::string> refusals;
    std::deque<int> answers;  // statuses of the next notifications instead of 200
    int tokens = 0;
    http::Server server;

private:
    using Answering = boost::asio::awaitable<Result<http::Response>>;

    static rails::RawNotification raw(http::Request const& request)
    {
        rails::RawNotification out;
        for (auto const& header : request.headers) out.headers.emplace_back(header.name, header.value);
        out.body = request.body;
        out.received_at = request.received_at;
        return out;
    }

    http::Response hear(http::Request const& request, std::string const& rail, std::string const& secret)
    {
        if (!answers.empty()) {
            auto const status = answers.front();
            answers.pop_front();
            return http::Response::json(json::object(), status);
        }
        auto message = rails::find_rail(rail)->read(raw(request), rails::RailSecret(secret));
        if (!message) {
            refusals.emplace_back(errc_name(message.error().code));
            return http::Response::json(json::object(), 401);
        }
        for (auto& credit : message->transfers) credits.push_back(std::move(credit));
        return http::Response::json_text(rails::find_rail(rail)->accepted(rails::Taken(rails::Outcome::recorded, "crd_x")).body);
    }

    int add_routes()
    {
        using enum http::Method;
        router.add(post, "/rails/payos/{account}", "payos",
                   [this](http::Request request) -> Answering { co_return hear(request, "payos", payos_secret); });
        router.add(post, "/rails/vietqr/{account}/api/token_generate", "token", [this](http::Request request) -> Answering {
            ++tokens;
            auto reply = rails::vietqr::token_reply(raw(request), rails::RailSecret(vietqr_secret));
            co_return http::Response::json_text(std::move(reply.body), reply.status);
        });
        router.add(post, "/rails/vietqr/{account}/bank/api/transaction-sync", "sync",
                   [this](http::Request request) -> Answering { co_return hear(request, "vietqr", vietqr_secret); });
        return 0;
    }
};

// A running sandbox and the service it speaks to, on one loop and free ports. A second of its patience is 10 ms.
class Rig {
public:
    explicit Rig(Books books = Books())
        : service(loop.executor(), log, metrics, clock), box(loop.executor(), settings(), nullptr, clock, log, metrics, std::move(books))
    {
        box.add_routes(router_);
        EXPECT_TRUE(loop.run(box.restore(router_)));
        server_.emplace(loop.executor(), http::ServerOptions(), router_, log, metrics, clock);
        EXPECT_TRUE(server_->start());
    }
    ~Rig()
    {
        client_.close_idle();
        loop.run(server_->stop(std::chrono::seconds(2)));
        loop.run(box.stop());
        loop.run(service.server.stop(std::chrono::seconds(2)));
        loop.drain();
    }

    struct Answer {
        int status = 0;  // 0: the connection ended without one
        std::string text;
        [[nodiscard]] json body() const { return json::parse(text, nullptr, false); }
    };
    Answer call(http::Method method, std::string const& path, std::string body = {}, std::vector<http::Header> headers = {})
    {
        http::Outgoing request(method, "http://127.0.0.1:" + std::to_string(server_->port()) + path, std::move(body));
        for (auto& header : headers) request.headers.add(header.name, header.value);
        auto const result = loop.run(client_.call(std::move(request)));
        if (!result.response) return {};
        return {result.response->status, std::string(result.response->body_text())};
    }
    Answer post(std::string const& path, json const& body, std::vector<http::Header> headers = {})
    {
        return call(http::Method::post, path, body.dump(), std::move(headers));
    }
    Answer get(std::string const& path) { return call(http::Method::get, path); }

    // One receiving account that both rails tell of.
    void set_up(std::string const& channel = "bank")
    {
        EXPECT_EQ(post("/setup/rail-accounts", {{"id", payos_id},
                                                {"rail", "payos"},
                                                {"address", "/rails/payos/rla_payos"},
                                                {"secret", payos_secret},
                                                {"channel", channel}})
                      .status,
                  200);
        EXPECT_EQ(post("/setup/rail-accounts", {{"id", vietqr_id},
                                                {"rail", "vietqr"},
                                                {"address", "/rails/vietqr/rla_vietqr"},
                                                {"secret", vietqr_secret},
                                                {"channel", channel}})
                      .status,
                  200);
        EXPECT_EQ(post("/setup/receiving-accounts", {{"bank_bin", "970436"},
                                                     {"account_number", "0141000456789"},
                                                     {"holder_name", "Bà Nguyễn Thị Thế"},
                                                     {"rail_accounts", {payos_id, vietqr_id}}})
                      .status,
                  200);
    }
    // Asks until `enough` says so; the last answer after ten seconds.
    Answer ask_until(std::string const& path, std::function<bool(json const&)> const& enough)
    {
        auto const until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        auto answer = get(path);
        while (!enough(answer.body()) && std::chrono::steady_clock::now() < until) {
            loop.run(pause());
            answer = get(path);
        }
        return answer;
    }
    bool eventually(std::function<bool()> condition) { return loop.run(tests::eventually(std::move(condition))); }

    tests::Loop loop;
    SystemClock clock;
    observability::Log log{clock, observability::Level::error, [](std::string_view) {}};
    observability::Metrics metrics;
    FakeService service;
    Sandbox box;

private:
    static boost::asio::awaitable<void> pause()
    {
        boost::asio::steady_timer tick(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(2));
        co_await tick.async_wait(boost::asio::use_awaitable);
    }
    Settings settings() const
    {
        Settings out;
        out.service_url = service.url();
        out.seed = 7;
        out.second = std::chrono::milliseconds(10);
        return out;
    }
    http::Router router_;
    std::optional<http::Server> server_;
    http::Client client_{loop.executor(), http::ClientOptions(), metrics};
};

}  // namespace cho40::sandbox::tests_
