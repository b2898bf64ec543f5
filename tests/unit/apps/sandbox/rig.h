#pragma once
#include "adapters/http/client.h"
#include "adapters/http/server.h"
#include "adapters/rails/providers/vietqr.h"
#include "adapters/rails/rail.h"
#include "adapters/rails/verify.h"
#include "apps/sandbox/sandbox.h"
#include "tests/support/loop.h"
#include <deque>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace cho40::sandbox::tests_ {

using nlohmann::json;

constexpr char const* payos_id = "rla_payos";
constexpr char const* vietqr_id = "rla_vietqr";
constexpr char const* payos_secret = "checksum-key";
constexpr char const* vietqr_secret = "market:s3cret";

// A secret in the form that each rail asks for.
inline std::string secret_of(std::string_view rail)
{
    static std::map<std::string_view, std::string> const secrets{
        {"payos", payos_secret},         {"vietqr", vietqr_secret},      {"sepay", "hmac:whsec_of_the_market"},
        {"casso", "casso-checksum-key"}, {"vnpay", "vnpay-hash-secret"}, {"momo", "momo-access:momo-secret-key"},
        {"zalopay", "zalopay-key-two"},
    };
    return secrets.at(rail);
}

// What the service would have heard: notifications that its own readers found authentic and fresh. It answers as each rail does.
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
    std::vector<rails::RawNotification> raws;  // of all that came to a door of notifications
    std::deque<int> answers;  // statuses of the next notifications instead of the rail's own answer
    int tokens = 0;
    int probes = 0;
    http::Server server;

private:
    using Answering = boost::asio::awaitable<Result<http::Response>>;

    static rails::RawNotification raw(http::Request const& request)
    {
        rails::RawNotification out;
        for (auto const& header : request.headers) out.headers.emplace_back(header.name, header.value);
        if (auto const mark = request.target.find('?'); mark != std::string::npos) out.query = request.target.substr(mark + 1);
        out.body = request.body;
        out.received_at = request.received_at;
        return out;
    }

    static http::Response response_of(rails::Reply reply) { return http::Response::json_text(std::move(reply.body), reply.status); }

    http::Response hear(http::Request const& request, rails::Rail const& rail)
    {
        raws.push_back(raw(request));
        if (!answers.empty()) {
            auto const status = answers.front();
            answers.pop_front();
            return http::Response::json(json::object(), status);
        }
        auto message = rail.read(raws.back(), rails::RailSecret(secret_of(rail.name())));
        auto const fresh = message ? rails::check_clock(*message, request.received_at) : Result<Done>(Done{});
        if (!message || !fresh) {
            auto const& error = message ? fresh.error() : message.error();
            refusals.emplace_back(errc_name(error.code));
            return response_of(rail.refused(error));
        }
        if (message->is_probe) ++probes;
        else
            for (auto& credit : message->transfers) credits.push_back(std::move(credit));
        return response_of(rail.accepted(rails::Taken(rails::Outcome::recorded, "crd_x")));
    }

    int add_routes()
    {
        for (auto const* rail : rails::all_rails()) {
            auto const& facts = rail->facts();
            for (auto const& door : facts.doors) {
                auto const method = door.verb == rails::Door::Verb::get ? http::Method::get : http::Method::post;
                bool const gives_token = door.use == rails::Door::Use::token;
                router.add(method, "/rails/" + std::string(facts.name) + "/{account}" + std::string(door.path),
                           std::string(facts.name) + std::string(door.suffix),
                           [this, rail, gives_token](http::Request request) -> Answering {
                               if (!gives_token) co_return hear(request, *rail);
                               ++tokens;
                               co_return response_of(rails::vietqr::token_reply(raw(request), rails::RailSecret(secret_of(rail->name()))));
                           });
            }
        }
        return 0;
    }
};

// A running sandbox and the service it speaks to, on one loop and free ports. A second of its patience is `second`.
class Rig {
public:
    explicit Rig(Books books = Books(), std::chrono::milliseconds second = std::chrono::milliseconds(10))
        : service(loop.executor(), log, metrics, clock),
          box(loop.executor(), settings(second), nullptr, clock, log, metrics, std::move(books))
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
    // One receiving account that these rails tell of, each by an account "rla_NAME".
    void connect(std::vector<std::string> const& rails, json more = json::object(), std::string const& number = "2141000456789")
    {
        auto ids = json::array();
        for (auto const& rail : rails) {
            json body{{"id", "rla_" + rail}, {"rail", rail}, {"address", "/rails/" + rail + "/rla_" + rail}, {"secret", secret_of(rail)}};
            body.update(more);
            auto const answer = post("/setup/rail-accounts", body);
            EXPECT_EQ(answer.status, 200) << answer.text;
            ids.push_back(body["id"]);
        }
        json const account{{"bank_bin", "970436"},
                           {"account_number", number},
                           {"holder_name", "Bà Nguyễn Thị Thế"},
                           {"rail_accounts", std::move(ids)},
                           {"opening_balance", 1'000'000}};
        EXPECT_EQ(post("/setup/receiving-accounts", account).status, 200);
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
    Settings settings(std::chrono::milliseconds second) const
    {
        Settings out;
        out.service_url = service.url();
        out.seed = 7;
        out.second = second;
        return out;
    }
    http::Router router_;
    std::optional<http::Server> server_;
    http::Client client_{loop.executor(), http::ClientOptions(), metrics};
};

}  // namespace cho40::sandbox::tests_
