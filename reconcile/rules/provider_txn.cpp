#include "reconcile/rules/provider_txn.h"
#include <algorithm>
#include <utility>

namespace cho40::reconcile {

Result<Done> ProviderTxn::apply(Pool& pool) const
{
    SortedKeys rows;
    rows.reserve(pool.internal.size());
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.channel == Channel::provider && !row.record->provider_txn_id.empty())
            rows.emplace_back(row.record->provider_txn_id, number_of(row.kind), at);
    }
    auto const row_text = [&](At at) { return pool.internal[at].record->provider_txn_id.view(); };
    sort_keys(rows, row_text);
    auto lines = std::exchange(pool.lines_by_txn, {});
    std::erase_if(lines, [&](Key const& key) { return pool.lines[key.at].place != Place::open; });
    auto const line_text = [&](At at) { return pool.lines[at].record->provider_txn_id.view(); };
    join(rows, row_text, lines, line_text, [&](auto const& left, auto const& right) {
        // Only the first line of a key is still open. Of two rows that claim one transaction the one that agrees about
        // success has it, else the earlier.
        auto const& line = pool.lines[right.front().at];
        auto const agrees = [&](Key const& row) { return pool.internal[row.at].succeeded() == line.succeeded(); };
        auto const best = std::find_if(left.begin(), left.end(), agrees);
        pool.pair((best == left.end() ? left.front() : *best).at, right.front().at, MatchRule::r1);
    });
    return Done{};
}

}  // namespace cho40::reconcile
