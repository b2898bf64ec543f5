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
    struct Sums {
        Sum gross, fee, net;
        Day settlement_date;
    };
    std::unordered_map<std::string_view, Sums> batches;
    std::string_view last_id;
    Sums* last = nullptr;  // lines of a batch mostly stand together
    for (auto const& slot : pool.lines) {
        auto const& line = *slot.record;
        if (!slot.active || line.batch.empty()) continue;
        if (last == nullptr || line.batch != last_id) {
            auto const [it, fresh] = batches.try_emplace(line.batch);
            if (fresh) it->second.settlement_date = line.settlement_date;
            last_id = it->first;
            last = &it->second;  // stays where it is when others are added
        }
        last->gross.add(signed_amount(line.kind, line.amount));
        last->fee.add(line.fee);
        last->net.add(line.net);
        last->settlement_date = std::max(last->settlement_date, line.settlement_date);
    }
    for (auto const& [id, sums] : batches) {
        BatchSlot batch;
        batch.id = id;
        batch.settlement_date = sums.settlement_date;
        CHO_TRY(batch.gross, sums.gross.total());
        CHO_TRY(batch.fee, sums.fee.total());
        CHO_TRY(batch.net, sums.net.total());
        pool.batches.push_back(std::move(batch));
    }
    std::ranges::sort(pool.batches, {}, &BatchSlot::id);
    return Done{};
}

}  // namespace

Result<Done> ProviderLines::apply(Pool& pool) const
{
    auto& keys = pool.lines_by_txn;
    keys.reserve(pool.lines.size());
    for (At at = 0; at < pool.lines.size(); ++at) {
        auto const& line = *pool.lines[at].record;
        if (line.provider_txn_id.empty()) {
            pool.lines[at].active = pool.lines[at].succeeded();  // nothing to tell it from others by
            continue;
        }
        keys.emplace_back(line.provider_txn_id, number_of(line.kind), at);
    }
    auto const text_of = [&](At at) { return pool.lines[at].record->provider_txn_id.view(); };
    sort_keys(keys, text_of);
    for_each_group(keys, text_of, [&](std::span<Key const> same) {
        auto const first = same.front().at;
        pool.lines[first].active = pool.lines[first].succeeded();
        for (auto const& again : same.subspan(1)) drop(pool, first, again.at);
    });
    return add_up_batches(pool);
}

}  // namespace cho40::reconcile
