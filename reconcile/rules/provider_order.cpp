#include "reconcile/rules/provider_order.h"
#include <algorithm>

namespace cho40::reconcile {
namespace {

// Earliest with earliest, as far as they lie within the window.
void pair_in_time(Pool& pool, std::vector<At> const& rows, std::vector<At> const& lines)
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
            pool.pair(rows[r++], lines[l++], MatchRule::r2);
        }
    }
}

}  // namespace

Result<Done> ProviderOrder::apply(Pool& pool) const
{
    SortedKeys rows;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& row = pool.internal[at];
        if (row.place == Place::open && row.channel == Channel::provider && row.record->provider_txn_id.empty() &&
            !pool.order(at).empty()) {
            rows.emplace_back(pool.order(at), number_of(row.record->kind, row.record->amount), at);
        }
    }
    if (rows.empty()) return Done{};
    SortedKeys lines;
    for (At at = 0; at < pool.lines.size(); ++at) {
        if (pool.lines[at].place != Place::open) continue;
        auto const& line = *pool.lines[at].record;
        if (!line.order_ref.empty()) lines.emplace_back(line.order_ref, number_of(line.kind, line.amount), at);
    }
    auto const row_text = [&](At at) { return pool.order(at); };
    auto const line_text = [&](At at) { return pool.lines[at].record->order_ref.view(); };
    sort_keys(rows, row_text);
    sort_keys(lines, line_text);
    join(rows, row_text, lines, line_text, [&](auto const& left, auto const& right) {
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
            pair_in_time(pool, open_rows, open_lines);
        }
    });
    return Done{};
}

}  // namespace cho40::reconcile
