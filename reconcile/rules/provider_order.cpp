#include "reconcile/rules/provider_order.h"
#include <algorithm>

namespace cho40::reconcile {
namespace {

// Earliest with earliest, as far as they lie within the window.
void pair_in_time(Pool& pool, std::vector<At> const& rows, std::vector<At> const& lines, std::string_view rule)
{
    auto const window = pool.settings().order_window;
    std::size_t l = 0;
    for (std::size_t r = 0; r < rows.size() && l < lines.size();) {
        auto const row_at = pool.internal[rows[r]].record->event_at;
        auto const line_at = pool.lines[lines[l]].record->at;
        if (line_at < row_at - window) {
            ++l;
        } else if (line_at > row_at + window) {
            ++r;
        } else {
            pool.pair(rows[r++], lines[l++], rule);
        }
    }
}

}  // namespace

Result<Done> ProviderOrder::apply(Pool& pool) const
{
    std::vector<Keyed> rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place == Place::open && row.record->channel == Channel::provider && row.record->provider_txn_id.empty() &&
            !row.order.empty()) {
            rows.push_back({row.order, row.record->kind, row.record->amount.count(), at});
        }
    }
    std::vector<Keyed> lines;
    for (At at = 0; at < pool.lines.size(); ++at) {
        auto const& line = *pool.lines[at].record;
        if (pool.lines[at].place == Place::open && !line.order_ref.empty())
            lines.push_back({line.order_ref, line.kind, line.amount.count(), at});
    }
    join(std::move(rows), std::move(lines), [&](auto const& left, auto const& right) {
        enum { paid, unpaid, any };
        for (auto which : {paid, unpaid, any}) {
            std::vector<At> open_rows;
            std::vector<At> open_lines;
            for (auto const& k : left) {
                auto const& row = pool.internal[k.at];
                if (row.place == Place::open && (which == any || row.succeeded() == (which == paid))) open_rows.push_back(k.at);
            }
            for (auto const& k : right) {
                auto const& line = pool.lines[k.at];
                if (line.place == Place::open && (which == any || line.succeeded() == (which == paid))) open_lines.push_back(k.at);
            }
            // Positions of lines ascend by day and line number; time decides here.
            std::ranges::sort(open_lines, {}, [&](At at) { return std::pair(pool.lines[at].record->at, at); });
            pair_in_time(pool, open_rows, open_lines, name());
        }
    });
    return Done{};
}

}  // namespace cho40::reconcile
