#include "qr-pay/balance_gaps.h"
#include "base/time.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace cho40::qr_pay {
namespace {

constexpr auto clocks_differ_max = std::chrono::minutes(2);
constexpr std::size_t none = static_cast<std::size_t>(-1);

bool has_time(ToldBalance const& t) { return t.booked_at != Day::of(t.booked_at).begin(); }

// Whether `later` may have been booked after `earlier`, for all that their times say.
bool may_follow(ToldBalance const& earlier, ToldBalance const& later)
{
    if (has_time(earlier) && has_time(later)) return later.booked_at + clocks_differ_max >= earlier.booked_at;
    return Day::of(later.booked_at) >= Day::of(earlier.booked_at);
}

// The transfers, and which follows which.
class Chains {
public:
    explicit Chains(std::vector<ToldBalance> told) : told_(std::move(told)), next_(told_.size(), none), previous_(told_.size(), none)
    {
        std::ranges::sort(told_, {}, [](ToldBalance const& t) { return std::tuple(t.booked_at, t.provider_id); });
        for (std::size_t i = 0; i < told_.size(); ++i) {
            nodes_[told_[i].after()].arriving.push_back(i);
            nodes_[told_[i].before()].leaving.push_back(i);
        }
        for (auto const& [balance, node] : nodes_) link_in_time(node);
        for (auto const& [balance, node] : nodes_) link_rest(node);
        open_rings();
    }

    // First and last of each, in the order of their beginnings.
    [[nodiscard]] std::vector<std::pair<ToldBalance const*, ToldBalance const*>> ends() const
    {
        std::vector<std::pair<ToldBalance const*, ToldBalance const*>> chains;
        for (std::size_t i = 0; i < told_.size(); ++i) {
            if (previous_[i] != none) continue;
            auto last = i;
            while (next_[last] != none) last = next_[last];
            chains.emplace_back(&told_[i], &told_[last]);
        }
        std::ranges::stable_sort(chains, {}, [](auto const& c) { return std::pair(c.first->booked_at, c.second->booked_at); });
        return chains;
    }

private:
    // A balance: the transfers that end at it and those that begin at it, in the order of their times.
    struct Node {
        std::vector<std::size_t> arriving, leaving;
    };

    void link(std::size_t earlier, std::size_t later)
    {
        next_[earlier] = later;
        previous_[later] = earlier;
    }

    // Whoever left this balance left after the last arrival at it. Of one moment those who were there before leave first.
    void link_in_time(Node const& node)
    {
        auto waiting = none;
        std::size_t in = 0, out = 0;
        while (out < node.leaving.size()) {
            auto const leaver = node.leaving[out];
            bool const arrived_before = in < node.arriving.size() && told_[node.arriving[in]].booked_at < told_[leaver].booked_at;
            bool const of_one_moment = in < node.arriving.size() && told_[node.arriving[in]].booked_at == told_[leaver].booked_at;
            if (arrived_before || (waiting == none && of_one_moment && node.arriving[in] != leaver)) {
                waiting = node.arriving[in++];
                continue;
            }
            if (waiting != none) link(waiting, leaver);
            waiting = none;
            ++out;
        }
    }

    // Those that fit but for their times, as far as times can be wrong.
    void link_rest(Node const& node)
    {
        for (auto const arrived : node.arriving) {
            if (next_[arrived] != none) continue;
            for (auto const leaver : node.leaving) {
                if (previous_[leaver] != none || begins_with(arrived, leaver) || !may_follow(told_[arrived], told_[leaver])) continue;
                link(arrived, leaver);
                break;
            }
        }
    }

    // Whether `first` is where the chain of `i` begins: to let it follow would make a ring.
    [[nodiscard]] bool begins_with(std::size_t i, std::size_t first) const
    {
        auto at = i;
        while (previous_[at] != none && previous_[at] != i) at = previous_[at];
        return at == first;
    }

    // Transfers of one moment can be linked to a ring without beginning. It belongs into a chain that passes one of its balances; a
    // ring that no chain passes begins with its first.
    void open_rings()
    {
        std::vector<bool> in_chain(told_.size(), false);
        auto const mark = [&](std::size_t from) {
            for (auto i = from; i != none && !in_chain[i]; i = next_[i]) in_chain[i] = true;
        };
        for (std::size_t i = 0; i < told_.size(); ++i) {
            if (previous_[i] == none) mark(i);
        }
        for (;;) {
            while (splice_any(in_chain, mark)) {}
            auto const ring = std::ranges::find(in_chain, false);
            if (ring == in_chain.end()) return;
            auto const i = static_cast<std::size_t>(ring - in_chain.begin());
            next_[previous_[i]] = none;
            previous_[i] = none;
            mark(i);
        }
    }

    template <class Mark>
    bool splice_any(std::vector<bool> const& in_chain, Mark const& mark)
    {
        bool changed = false;
        for (std::size_t i = 0; i < told_.size(); ++i) {
            if (in_chain[i] || !splice(i, in_chain)) continue;
            mark(i);
            changed = true;
        }
        return changed;
    }

    // The ring is opened before `i`, at the balance i begins with, where a chain arrives, or begins, or ends.
    bool splice(std::size_t i, std::vector<bool> const& in_chain)
    {
        auto const& node = nodes_.at(told_[i].before());
        auto const ring_end = previous_[i];
        for (auto const arrived : node.arriving) {
            if (!in_chain[arrived] || !may_follow(told_[arrived], told_[i])) continue;
            auto const after = next_[arrived];
            if (after != none && !may_follow(told_[ring_end], told_[after])) continue;
            link(arrived, i);
            if (after != none) link(ring_end, after);
            else next_[ring_end] = none;
            return true;
        }
        for (auto const leaver : node.leaving) {
            if (!in_chain[leaver] || previous_[leaver] != none || !may_follow(told_[ring_end], told_[leaver])) continue;
            link(ring_end, leaver);
            previous_[i] = none;
            return true;
        }
        return false;
    }

    std::vector<ToldBalance> told_;
    std::vector<std::size_t> next_, previous_;
    std::map<std::int64_t, Node> nodes_;
};

}  // namespace

std::vector<BalanceGap> find_balance_gaps(std::vector<ToldBalance> told)
{
    // Of one transfer told twice, the telling with a time of day.
    std::ranges::sort(told, {},
                      [](ToldBalance const& t) { return std::tuple(t.provider_id, !has_time(t), t.booked_at, t.balance, t.amount); });
    auto const repeats = std::ranges::unique(told, {}, &ToldBalance::provider_id);
    told.erase(repeats.begin(), repeats.end());
    bool const tells_of_money_out = std::ranges::any_of(told, [](ToldBalance const& t) { return t.direction == Direction::out; });
    Chains const chains(std::move(told));
    auto const ends = chains.ends();
    std::vector<BalanceGap> gaps;
    for (std::size_t i = 1; i < ends.size(); ++i) {
        auto const& last = *ends[i - 1].second;
        auto const& first = *ends[i].first;
        auto const missing = first.before() - last.after();
        if (missing == 0 || (missing < 0 && !tells_of_money_out)) continue;
        gaps.push_back(BalanceGap{last, first, Dong(missing)});
    }
    return gaps;
}

}  // namespace cho40::qr_pay
