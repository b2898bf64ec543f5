#include "reconcile/rules/provider_txn.h"
#include <algorithm>

namespace cho40::reconcile {

Result<Done> ProviderTxn::apply(Pool& pool) const
{
    std::vector<Keyed> rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& record = *pool.internal[at].record;
        if (record.channel == Channel::provider && !record.provider_txn_id.empty())
            rows.push_back({record.provider_txn_id, record.kind, 0, at});
    }
    std::vector<Keyed> lines;
    for (At at = 0; at < pool.lines.size(); ++at) {
        auto const& line = pool.lines[at];
        if (line.place == Place::open && !line.record->provider_txn_id.empty()) {
            lines.push_back({line.record->provider_txn_id, line.record->kind, 0, at});
        }
    }
    join(std::move(rows), std::move(lines), [&](auto const& left, auto const& right) {
        // Only the first line of a key is still open. Of two rows that claim one transaction the one that agrees about
        // success has it, else the earlier.
        auto const& line = pool.lines[right.front().at];
        auto const agrees = [&](Keyed const& row) { return pool.internal[row.at].succeeded() == line.succeeded(); };
        auto const best = std::find_if(left.begin(), left.end(), agrees);
        pool.pair((best == left.end() ? left.front() : *best).at, right.front().at, name());
    });
    return Done{};
}

}  // namespace cho40::reconcile
