#include "apps/service/gap_watch.h"
#include "adapters/api/ids.h"
#include <algorithm>
#include <map>
#include <set>

namespace cho40::service {
namespace {

using boost::asio::awaitable;
using qr_pay::BalanceGap;
using stores::BalanceChain;
using stores::RailGap;
using stores::RailReading;

constexpr auto turn_max = std::chrono::minutes(1);
constexpr auto slack = std::chrono::minutes(1);        // a notification that was being written when the last look went by
constexpr auto asked_again_every = std::chrono::minutes(15);
constexpr auto asked_for_at_most = std::chrono::hours(24);
constexpr auto clocks_differ_max = std::chrono::minutes(2);

// All that may lie in the gap; whole days, because a list may tell the day alone.
RailReading reading_of(BalanceChain const& chain, BalanceGap const& gap, Instant now)
{
    RailReading reading;
    reading.book = chain.book;
    reading.id = Id<stores::RailReadingTag>(make_derived_uuid({"rail_gap_reading", gap_id(chain, gap).uuid.to_string()}));
    reading.rail_account = chain.rail_account;
    reading.purpose = RailReading::Purpose::gap;
    auto const [from, to] = std::minmax(gap.last.booked_at, gap.first.booked_at);
    auto const is_day = [](Instant at) { return at == Day::of(at).begin(); };
    bool const whole_days = is_day(from) || is_day(to);
    reading.from = whole_days ? Day::of(from).begin() : from - clocks_differ_max;
    reading.to = whole_days ? Day::of(to).end() - std::chrono::seconds(1) : to + clocks_differ_max;
    reading.due_at = reading.created_at = now;
    return reading;
}

}  // namespace

awaitable<Result<Done>> GapWatch::look()
{
    auto const now = clock_.now();
    CHO_CO_TRY(auto const looked_until, co_await gaps_.take_turn(now, now + turn_max));
    if (looked_until) {
        CHO_CO_TRY(auto chains, co_await gaps_.chains_to_look_at(std::min(*looked_until, now) - slack, now - asked_for_at_most));
        // What is in its grace is looked at again until it is out of it, by whichever instance.
        auto settled_until = now;
        for (auto& chain : chains) {
            CHO_CO_TRY(auto const unsettled_since, co_await look_at(std::move(chain), now));
            settled_until = std::min(settled_until, unsettled_since);
        }
        CHO_CO_TRY_DO(co_await gaps_.end_turn(settled_until));
    }
    CHO_CO_TRY(auto const open, co_await gaps_.count_open());
    metrics_.gauge("cho40_rail_gaps_open", "Gaps in what rails told that nothing has filled yet.").set(static_cast<double>(open));
    co_return Done{};
}

awaitable<Result<Instant>> GapWatch::look_at(BalanceChain chain, Instant now)
{
    CHO_CO_TRY(auto const told, co_await gaps_.told(chain));
    std::map<std::string, Instant, std::less<>> known_since;
    std::vector<qr_pay::ToldBalance> balances;
    auto earliest = Instant::max();
    for (auto const& one : told) {
        auto const [it, is_new] = known_since.try_emplace(one.balance.provider_id, one.received_at);
        if (!is_new) it->second = std::min(it->second, one.received_at);
        balances.push_back(one.balance);
        earliest = std::min(earliest, one.balance.booked_at);
    }
    auto const gaps = find_balance_gaps(std::move(balances));
    std::set<Uuid> found;
    std::vector<BalanceGap> settled;
    auto unsettled_since = now;
    for (auto const& gap : gaps) {
        found.insert(gap_id(chain, gap).uuid);
        auto const since = std::max(known_since.at(gap.last.provider_id), known_since.at(gap.first.provider_id));
        if (since <= now - options_.grace) settled.push_back(gap);
        else unsettled_since = std::min(unsettled_since, since);
    }

    CHO_CO_TRY(auto open, co_await gaps_.open_gaps(chain));
    std::erase_if(open, [&](RailGap const& gap) { return gap.last_booked_at < earliest || found.contains(gap.id.uuid); });
    if (!open.empty()) {
        for (auto const& gap : open) {
            log_.info("rails.gap_closed",
                      {{"rail", chain.rail}, {"account", http::to_text(chain.rail_account)}, {"gap", http::to_text(gap.id)}});
        }
        CHO_CO_TRY_DO(co_await gaps_.close_filled(std::move(open), now));
    }
    if (!settled.empty()) {
        CHO_CO_TRY(auto const opened, co_await gaps_.open(chain, settled, now));
        if (opened > 0) {
            log_.warning("rails.gap_opened", {{"rail", chain.rail}, {"account", http::to_text(chain.rail_account)}, {"gaps", opened}});
            metrics_
                .counter("cho40_rail_gaps_total", "Gaps in what rails told that were still there after the grace.", {{"rail", chain.rail}})
                .add(static_cast<double>(opened));
        }
    }
    if (chain.has_list && !gaps.empty()) CHO_CO_TRY_DO(co_await ask_for(std::move(chain), gaps, now));
    co_return unsettled_since;
}

awaitable<Result<Done>> GapWatch::ask_for(BalanceChain chain, std::vector<BalanceGap> gaps, Instant now)
{
    std::vector<RailReading> readings;
    std::vector<Uuid> ids;
    for (auto const& gap : gaps) {
        if (gap.first.booked_at < now - asked_for_at_most) continue;  // a person may: cho40 rail backfill
        readings.push_back(reading_of(chain, gap, now));
        ids.push_back(readings.back().id.uuid);
    }
    if (readings.empty()) co_return Done{};
    CHO_CO_TRY_DO(co_await readings_.add(std::move(readings)));
    co_return co_await readings_.ask_again(std::move(ids), now - asked_again_every, now);
}

}  // namespace cho40::service
