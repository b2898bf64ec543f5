#include "adapters/api/rail_heartbeats.h"
#include "adapters/api/ids.h"
#include "adapters/http/ids.h"
#include <algorithm>

namespace cho40::api {

using stores::Heartbeat;

RailHeartbeats::Known& RailHeartbeats::known(ledger::BookId book, Id<qr_pay::RailAccountTag> account, std::string_view rail)
{
    auto const [it, is_new] = known_.try_emplace(account);
    if (is_new) it->second.heartbeat = Heartbeat{book, account, std::string(rail), {}, {}};
    return it->second;
}

void RailHeartbeats::heard(ledger::BookId book, Id<qr_pay::RailAccountTag> account, std::string_view rail, Instant at)
{
    auto& of = known(book, account, rail);
    if (of.heartbeat.heard_at >= at) return;
    of.heartbeat.heard_at = at;
    of.is_noted = false;
}

void RailHeartbeats::listed(ledger::BookId book, Id<qr_pay::RailAccountTag> account, std::string_view rail, Instant at)
{
    auto& of = known(book, account, rail);
    if (of.heartbeat.listed_at >= at) return;
    of.heartbeat.listed_at = at;
    of.is_noted = false;
}

std::optional<Instant> RailHeartbeats::heard_at(Id<qr_pay::RailAccountTag> account) const
{
    auto const it = known_.find(account);
    return it == known_.end() ? std::nullopt : it->second.heartbeat.heard_at;
}

std::optional<Instant> RailHeartbeats::known_as_of(Id<qr_pay::RailAccountTag> account) const
{
    auto const it = known_.find(account);
    if (it == known_.end()) return std::nullopt;
    return std::max(it->second.heartbeat.heard_at, it->second.heartbeat.listed_at);  // one that is nothing is the least
}

boost::asio::awaitable<Result<std::optional<Instant>>> RailHeartbeats::known_as_of(ledger::BookId book, Id<qr_pay::Owner> owner)
{
    CHO_CO_TRY(auto const accounts, co_await store_.telling_of(book, owner));
    std::optional<Instant> latest;
    for (auto const& account : accounts) latest = std::max(latest, known_as_of(account));
    co_return latest;
}

void RailHeartbeats::take_over(std::vector<Heartbeat> const& heartbeats, bool are_noted)
{
    for (auto const& h : heartbeats) {
        auto& of = known(h.book, h.rail_account, h.rail);
        bool const is_later = of.heartbeat.heard_at < h.heard_at || of.heartbeat.listed_at < h.listed_at;
        of.heartbeat.heard_at = std::max(of.heartbeat.heard_at, h.heard_at);
        of.heartbeat.listed_at = std::max(of.heartbeat.listed_at, h.listed_at);
        if (is_later && !are_noted) of.is_noted = false;
    }
}

boost::asio::awaitable<Result<Done>> RailHeartbeats::load()
{
    CHO_CO_TRY(auto const noted, co_await store_.all());
    CHO_CO_TRY(auto const not_noted, co_await store_.not_noted());
    take_over(noted, true);
    take_over(not_noted, false);
    co_return co_await exchange();
}

boost::asio::awaitable<Result<Done>> RailHeartbeats::exchange()
{
    std::vector<Heartbeat> news;
    for (auto& [account, of] : known_) {
        if (!of.is_noted) news.push_back(of.heartbeat);
        of.is_noted = true;  // what is heard while it is being written is news again
    }
    if (!news.empty()) {
        auto const noted = co_await store_.note(news);
        if (!noted) {
            for (auto const& h : news) known_.at(h.rail_account).is_noted = false;
            co_return noted;
        }
    }
    CHO_CO_TRY(auto const all, co_await store_.all());
    take_over(all, true);
    auto const seconds = [](Instant at) { return std::chrono::duration<double>(at.time_since_epoch()).count(); };
    for (auto const& [account, of] : known_) {
        observability::Labels const labels{{"rail", of.heartbeat.rail}, {"account", http::to_text(account)}};
        if (of.heartbeat.heard_at) {
            metrics_.gauge("cho40_rail_heard_timestamp_seconds", "When a provider was last heard, in Unix time.", labels)
                .set(seconds(*of.heartbeat.heard_at));
        }
        if (of.heartbeat.listed_at) {
            metrics_.gauge("cho40_rail_listed_timestamp_seconds", "When a provider's list was last read to its end, in Unix time.", labels)
                .set(seconds(*of.heartbeat.listed_at));
        }
    }
    co_return Done{};
}

}  // namespace cho40::api
