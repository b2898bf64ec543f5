#include "reconcile/rules/provider_order_alone.h"

namespace cho40::reconcile {
namespace {

void pair_the_only(Pool& pool, bool successful_only, std::string_view rule)
{
    std::vector<Keyed> rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place == Place::open && row.record->channel == Channel::provider && !row.order.empty() &&
            (!successful_only || row.succeeded())) {
            rows.push_back({row.order, row.record->kind, 0, at});
        }
    }
    std::vector<Keyed> lines;
    for (At at = 0; at < pool.lines.size(); ++at) {
        auto const& line = pool.lines[at];
        if (line.place == Place::open && !line.record->order_ref.empty() && (!successful_only || line.succeeded())) {
            lines.push_back({line.record->order_ref, line.record->kind, 0, at});
        }
    }
    join(std::move(rows), std::move(lines), [&](auto const& left, auto const& right) {
        if (left.size() == 1 && right.size() == 1) pool.pair(left.front().at, right.front().at, rule);
    });
}

}  // namespace

Result<Done> ProviderOrderAlone::apply(Pool& pool) const
{
    pair_the_only(pool, true, name());
    pair_the_only(pool, false, name());
    return Done{};
}

}  // namespace cho40::reconcile
