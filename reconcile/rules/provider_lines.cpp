#include "reconcile/rules/provider_lines.h"
#include "reconcile/sum.h"
#include <algorithm>

namespace cho40::reconcile {
namespace {

bool same_content(ProviderLine const& a, ProviderLine const& b)
{
    return a.order_ref == b.order_ref && a.amount == b.amount && a.fee == b.fee && a.net == b.net && a.status == b.status && a.at == b.at &&
           a.batch == b.batch && a.settlement_date == b.settlement_date;
}

void drop(Pool& pool, At first, At again)
{
    auto const& kept = *pool.lines[first].record;
    auto const& line = *pool.lines[again].record;
    pool.lines[again].place = Place::in_break;
    if (same_content(kept, line)) {
        auto& found = pool.add_break(BreakClass::DUPLICATE_PROVIDER_LINE, Dong(), "the same line as " + kept.id() + "; dropped");
        found.provider = {line.id()};
        return;
    }
    auto const delta = Dong(signed_amount(line.kind, line.amount).count() - signed_amount(kept.kind, kept.amount).count());
    auto& found = pool.add_break(BreakClass::CONFLICTING_DUPLICATE, delta,
                                 "the same transaction with other content; the first stays until the provider answers");
    found.provider = {kept.id(), line.id()};
}

Result<Done> add_up_batches(Pool& pool)
{
    std::vector<std::pair<std::string_view, At>> in_batch;
    for (At at = 0; at < pool.lines.size(); ++at) {
        auto const& line = pool.lines[at];
        if (line.active && !line.record->batch.empty()) in_batch.emplace_back(line.record->batch, at);
    }
    std::sort(in_batch.begin(), in_batch.end());
    for (std::size_t begin = 0; begin < in_batch.size();) {
        BatchSlot batch;
        batch.id = in_batch[begin].first;
        Sum gross, fee, net;
        auto end = begin;
        for (; end < in_batch.size() && in_batch[end].first == batch.id; ++end) {
            auto const& line = *pool.lines[in_batch[end].second].record;
            gross.add(signed_amount(line.kind, line.amount));
            fee.add(line.fee);
            net.add(line.net);
            if (end == begin || line.settlement_date > batch.settlement_date) batch.settlement_date = line.settlement_date;
        }
        CHO_TRY(batch.gross, gross.total());
        CHO_TRY(batch.fee, fee.total());
        CHO_TRY(batch.net, net.total());
        pool.batches.push_back(std::move(batch));
        begin = end;
    }
    return Done{};
}

}  // namespace

Result<Done> ProviderLines::apply(Pool& pool) const
{
    std::vector<Keyed> keys;
    for (At at = 0; at < pool.lines.size(); ++at) {
        auto const& line = *pool.lines[at].record;
        if (line.provider_txn_id.empty()) {
            pool.lines[at].active = pool.lines[at].succeeded();  // nothing to tell it from others by
            continue;
        }
        keys.push_back({line.provider_txn_id, line.kind, 0, at});
    }
    std::sort(keys.begin(), keys.end());
    for (std::size_t i = 0; i < keys.size();) {
        auto const first = keys[i];
        pool.lines[first.at].active = pool.lines[first.at].succeeded();
        for (++i; i < keys.size() && keys[i].same_key(first); ++i) drop(pool, first.at, keys[i].at);
    }
    return add_up_batches(pool);
}

}  // namespace cho40::reconcile
