#include "apps/sandbox/notifier.h"
#include "adapters/rails/providers/vietqr.h"
#include "apps/sandbox/provider_rules.h"
#include "base/check.h"
#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

namespace asio = boost::asio;
using rails::Door;
using Steady = std::chrono::steady_clock;

// The last seconds of a token are not used: it must still be good when it arrives.
constexpr std::chrono::seconds token_margin{5};
// A notification that nothing overtakes goes out all the same.
constexpr int seconds_held_max = 60;

std::string body_of(http::CallResult const& result)
{
    return result.response ? std::string(result.response->body_text()) : result.response.error().detail;
}
int status_of(http::CallResult const& result) { return result.response ? result.response->status : 0; }

// Nullptr where the rail has none.
Door const* door_of(std::string_view rail, Door::Use use)
{
    auto const& doors = rails::find_rail(rail)->facts().doors;
    auto const found = std::ranges::find(doors, use, &Door::use);
    return found == doors.end() ? nullptr : &*found;
}

std::string spoilt(std::string text)
{
    text.back() = text.back() == 'x' ? 'y' : 'x';
    return text;
}

void cut(rails::RawNotification& content)
{
    auto& text = content.body.empty() ? content.query : content.body;
    text.resize(text.size() / 2);
}

Delivery untold(RailAccount const& account, std::string why)
{
    Delivery delivery;
    delivery.rail_account = account.id;
    delivery.body = std::move(why);
    return delivery;
}

}  // namespace

void Notifier::reset()
{
    tokens_.clear();
    held_.clear();
}

std::string Notifier::url(RailAccount const& account, std::string_view path) const
{
    bool const whole = account.address.starts_with("http://") || account.address.starts_with("https://");
    return (whole ? account.address : service_url_ + account.address) + std::string(path);
}

asio::awaitable<Delivery> Notifier::tell(RailAccount account, Transfer transfer, TellingFaults faults)
{
    if (faults.dropped) co_return untold(account, "not told: dropped");
    Telling telling{std::move(account), std::move(transfer), faults, {}, 0, Steady::now()};
    if (!notification_of(telling.account, telling.transfer, clock_.now())) {
        co_return untold(telling.account, "this rail tells of no money going out");
    }
    if (!faults.overtaken && faults.delay.count() == 0) co_return co_await first_try(std::move(telling));
    auto later = untold(telling.account, "not told yet: " + std::string(faults.overtaken ? "overtaken" : "delayed"));
    jobs_.spawn("notifier.later", tell_later(std::move(telling)));
    co_return later;
}

asio::awaitable<void> Notifier::tell_later(Telling telling)
{
    auto const timer = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor);
    boost::system::error_code released;
    if (telling.faults.overtaken) {
        held_[telling.account.id].push_back(timer);
        timer->expires_after(seconds_held_max * second_);
        co_await timer->async_wait(asio::redirect_error(asio::use_awaitable, released));
    }
    timer->expires_after(telling.faults.delay.count() * second_);
    co_await timer->async_wait(asio::use_awaitable);
    co_await first_try(std::move(telling));
}

void Notifier::release(std::string const& rail_account)
{
    auto const found = held_.find(rail_account);
    if (found == held_.end()) return;
    for (auto const& timer : found->second) timer->cancel();
    held_.erase(found);
}

asio::awaitable<Delivery> Notifier::first_try(Telling telling)
{
    telling.began = Steady::now();
    auto delivery = co_await next_try(telling);
    release(telling.account.id);
    if (auto const pause = pause_before_next(telling, delivery)) { jobs_.spawn("notifier.retry", try_again(std::move(telling), *pause)); }
    co_return delivery;
}

asio::awaitable<void> Notifier::try_again(Telling telling, std::chrono::seconds pause)
{
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (std::optional next = pause; next;) {
        timer.expires_after(next->count() * second_);
        co_await timer.async_wait(asio::use_awaitable);
        auto const delivery = co_await next_try(telling);
        next = pause_before_next(telling, delivery);
    }
}

std::optional<std::chrono::seconds> Notifier::pause_before_next(Telling const& telling, Delivery const& delivery) const
{
    auto const& rules = rules_of(telling.account.rail);
    if (verdict_on(rules, delivery.status, delivery.body) != Verdict::again) return std::nullopt;
    return pause_after(rules, telling.tries, std::chrono::seconds((Steady::now() - telling.began) / second_));
}

asio::awaitable<Delivery> Notifier::next_try(Telling& telling)
{
    ++telling.tries;
    auto content = telling.content = content_of(telling);
    auto faults = telling.faults;
    faults.lost_answers = telling.tries <= faults.lost_answers ? 1 : 0;
    faults.wrong_signatures = telling.tries <= faults.wrong_signatures ? 1 : 0;
    if (telling.tries <= faults.cut_bodies) cut(content);
    CallEntry entry;
    entry.about = telling.transfer.reference;
    entry.attempt = telling.tries;
    return send(telling.account, std::move(content), std::move(entry), faults);
}

// What goes out at this try: what went out before, unless the provider signs each try or an earlier one was signed wrongly.
rails::RawNotification Notifier::content_of(Telling const& telling) const
{
    bool const wrong = telling.tries <= telling.faults.wrong_signatures;
    bool const first_good = telling.tries == telling.faults.wrong_signatures + 1;
    if (telling.tries > 1 && !wrong && !first_good && !rules_of(telling.account.rail).signs_anew) return telling.content;
    auto account = telling.account;
    if (wrong) account.secret = spoilt(std::move(account.secret));
    return *notification_of(account, telling.transfer, clock_.now() + telling.faults.clock_skew);
}

asio::awaitable<Delivery> Notifier::send(RailAccount account, rails::RawNotification content, CallEntry entry, TellingFaults faults)
{
    auto const* const door = door_of(account.rail, Door::Use::notification);
    auto delivery = untold(account, "");
    http::Outgoing request(door->verb == Door::Verb::get ? http::Method::get : http::Method::post, url(account, door->path), content.body);
    if (!content.query.empty()) request.url += "?" + content.query;
    request.deadline = rules_of(account.rail).patience;
    for (auto const& [name, value] : content.headers) request.headers.add(name, value);
    if (door_of(account.rail, Door::Use::token) != nullptr) {
        auto bearer = co_await token(account, entry.attempt);
        if (!bearer) {
            delivery.body = bearer.error().detail;
            co_return delivery;
        }
        request.headers.add("Authorization", "Bearer " + (faults.wrong_signatures > 0 ? spoilt(*bearer) : *bearer));
    }
    entry.at = bank_.now();
    entry.direction = "sent";
    entry.kind = account.rail;
    entry.where = request.url;
    entry.request = std::move(content.body);
    auto const began = Steady::now();
    auto const result = co_await client_.call(std::move(request));
    delivery.status = status_of(result);
    delivery.body = body_of(result);
    if (delivery.status == 401) tokens_.erase(account.id);
    entry.took_ms = std::chrono::duration_cast<std::chrono::milliseconds>(Steady::now() - began).count();
    entry.status = delivery.status;
    entry.answer = delivery.body;
    if (faults.lost_answers > 0) {
        entry.answer = "(lost) " + std::to_string(entry.status) + " " + entry.answer;
        entry.status = delivery.status = 0;
        delivery.body = "the answer was lost";
    }
    calls_.add(std::move(entry));
    delivery.content = verdict_on(rules_of(account.rail), delivery.status, delivery.body) == Verdict::content;
    co_return delivery;
}

asio::awaitable<Result<Delivery>> Notifier::probe(RailAccount account)
{
    if (door_of(account.rail, Door::Use::token) != nullptr) {
        tokens_.erase(account.id);
        auto const got = co_await token(account, 1);
        auto delivery = untold(account, got ? "a token" : got.error().detail);
        delivery.status = got ? 200 : 0;
        delivery.content = got.has_value();
        co_return delivery;
    }
    auto content = probe_of(account, clock_.now());
    if (!content) co_return fail(Errc::invalid_state, "this provider sends nothing when an address is registered");
    CallEntry entry;
    entry.about = "probe";
    co_return co_await send(account, std::move(*content), std::move(entry), TellingFaults());
}

asio::awaitable<Result<std::string>> Notifier::token(RailAccount account, int attempt_number)
{
    auto const known = tokens_.find(account.id);
    if (known != tokens_.end() && Steady::now() < known->second.good_until) co_return known->second.text;

    http::Outgoing request(http::Method::post, url(account, door_of(account.rail, Door::Use::token)->path), "{}");
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
