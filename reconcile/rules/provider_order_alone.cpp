#include "reconcile/rules/provider_order_alone.h"

namespace cho40::reconcile {
namespace {

void pair_the_only(Pool& pool, bool successful_only)
{
    SortedKeys rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place == Place::open && row.channel == Channel::provider && !pool.order(at).empty() &&
            (!successful_only || row.succeeded())) {
            rows.emplace_back(pool.order(at), number_of(row.record->kind), at);
        }
    }
    if (rows.empty()) return;
    SortedKeys lines;
    for (At at = 0; at < pool.lines.size(); ++at) {
        auto const& line = pool.lines[at];
        if (line.place == Place::open && !line.record->order_ref.empty() && (!successful_only || line.succeeded())) {
            lines.emplace_back(line.record->order_ref, number_of(line.record->kind), at);
        }
    }
    auto const row_text = [&](At at) { return pool.order(at); };
    auto const line_text = [&](At at) { return pool.lines[at].record->order_ref.view(); };
    sort_keys(rows, row_text);
    sort_keys(lines, line_text);
    join(rows, row_text, lines, line_text, [&](auto const& left, auto const& right) {
        if (left.size() == 1 && right.size() == 1) pool.pair(left.front().at, right.front().at, MatchRule::r3);
    });
}

}  // namespace

Result<Done> ProviderOrderAlone::apply(Pool& pool) const
{
    pair_the_only(pool, true);
    pair_the_only(pool, false);
    return Done{};
}

}  // namespace cho40::reconcile
