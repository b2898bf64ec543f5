#include "apps/sandbox/notifier.h"
#include "adapters/rails/providers/vietqr.h"
#include "apps/sandbox/rail_messages.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

namespace asio = boost::asio;
using Steady = std::chrono::steady_clock;

// The last seconds of a token are not used: it must still be good when it arrives.
constexpr std::chrono::seconds token_margin{5};

std::string body_of(http::CallResult const& result)
{
    return result.response ? std::string(result.response->body_text()) : result.response.error().detail;
}
int status_of(http::CallResult const& result) { return result.response ? result.response->status : 0; }

}  // namespace

std::string Notifier::url(RailAccount const& account, std::string_view path) const
{
    bool const whole = account.address.starts_with("http://") || account.address.starts_with("https://");
    return (whole ? account.address : service_url_ + account.address) + std::string(path);
}

asio::awaitable<Delivery> Notifier::tell(RailAccount account, Transfer transfer)
{
    auto body = notification_body(account, transfer);
    if (!body) {
        Delivery untold;
        untold.rail_account = account.id;
        untold.body = "this rail tells of no money going out";
        co_return untold;
    }
    auto delivery = co_await attempt(account, transfer, *body, 1);
    if (pause_before_retry(account.rail, 1, delivery.status)) {
        auto const status = delivery.status;
        jobs_.spawn("notifier.retry", try_again(std::move(account), std::move(transfer), std::move(*body), status));
    }
    co_return delivery;
}

asio::awaitable<void> Notifier::try_again(RailAccount account, Transfer transfer, std::string body, int last_status)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (int tries = 1;; ++tries) {
        auto const pause = pause_before_retry(account.rail, tries, last_status);
        if (!pause) co_return;
        timer.expires_after(pause->count() * second_);
        co_await timer.async_wait(asio::use_awaitable);
        auto const delivery = co_await attempt(account, transfer, body, tries + 1);
        last_status = delivery.status;
    }
}

asio::awaitable<Delivery> Notifier::attempt(RailAccount account, Transfer transfer, std::string body, int number)
{
    Delivery delivery;
    delivery.rail_account = account.id;
    bool const with_token = account.rail == "vietqr";
    http::Outgoing request(http::Method::post, url(account, with_token ? "/bank/api/transaction-sync" : ""), body);
    request.headers.add("Content-Type", "application/json");
    if (with_token) {
        auto bearer = co_await token(account, number);
        if (!bearer) {
            delivery.body = bearer.error().detail;
            co_return delivery;
        }
        request.headers.add("Authorization", "Bearer " + *bearer);
    }
    CallEntry entry;
    entry.at = bank_.now();
    entry.direction = "sent";
    entry.kind = account.rail;
    entry.about = transfer.reference;
    entry.where = request.url;
    entry.attempt = number;
    entry.request = std::move(body);
    auto const began = Steady::now();
    auto const result = co_await client_.call(std::move(request));
    delivery.status = status_of(result);
    delivery.body = body_of(result);
    if (delivery.status == 401) tokens_.erase(account.id);
    entry.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - began).count();
    entry.status = delivery.status;
    entry.answer = delivery.body;
    calls_.add(std::move(entry));
    co_return delivery;
}

asio::awaitable<Result<std::string>> Notifier::token(RailAccount account, int attempt_number)
{
    auto const known = tokens_.find(account.id);
    if (known != tokens_.end() && Steady::now() < known->second.good_until) co_return known->second.text;

    http::Outgoing request(http::Method::post, url(account, "/api/token_generate"), "{}");
    request.headers.add("Content-Type", "application/json");
    request.headers.add("Authorization", rails::vietqr::basic_authorization(rails::RailSecret(account.secret)));
    CallEntry entry;
    entry.at = bank_.now();
    entry.direction = "sent";
    entry.kind = account.rail;
    entry.about = "token";
    entry.where = request.url;
    entry.attempt = attempt_number;
    entry.request = "{}";
    auto const began = Steady::now();
    auto const result = co_await client_.call(std::move(request));
    entry.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - began).count();
    entry.status = status_of(result);
    auto const answer = nlohmann::json::parse(body_of(result), nullptr, false);
    bool const good = entry.status == 200 && answer.is_object() && answer.contains("access_token") && answer["access_token"].is_string();
    entry.answer = good ? "a token" : body_of(result);
    calls_.add(std::move(entry));
    if (!good) co_return fail(Errc::upstream_error, "no token: " + body_of(result).substr(0, 200));

    std::int64_t lifetime = 0;
    if (answer.contains("expires_in") && answer["expires_in"].is_number_integer()) lifetime = answer["expires_in"].get<std::int64_t>();
    Token fresh{answer["access_token"].get<std::string>(), began + std::chrono::seconds(lifetime) - token_margin};
    auto text = fresh.text;
    tokens_.insert_or_assign(account.id, std::move(fresh));
    co_return text;
}

}  // namespace cho40::sandbox
