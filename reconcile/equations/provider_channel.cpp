#include "reconcile/equations/provider_channel.h"
#include "reconcile/sum.h"

namespace cho40::reconcile {
namespace {

bool counts(Break const& found)
{
    switch (found.kind) {
    case BreakClass::AMOUNT_MISMATCH:
    case BreakClass::MISSING_INTERNAL:
    case BreakClass::DUPLICATE_PAYMENT: return !found.provider.empty();  // the same classes at the bank are no concern here
    case BreakClass::MISSING_AT_PROVIDER: return true;
    default: return false;
    }
}

}  // namespace

Result<std::optional<std::string>> ProviderChannel::broken(Pool const& pool) const
{
    Sum ledger, deltas, only_there, only_here, waiting, active;
    std::unordered_map<std::string_view, At> row_of;
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& record = *pool.internal[at].record;
        if (record.channel != Channel::provider) continue;
        row_of.emplace(record.payment_id, at);
        if (pool.internal[at].succeeded()) ledger.add(signed_amount(record.kind, record.amount));
    }
    for (auto const& found : pool.result.breaks) {
        if (counts(found)) deltas.add(found.delta);
        if (found.kind != BreakClass::STATUS_MISMATCH || found.provider.empty()) continue;
        auto const& row = pool.internal[row_of.at(found.internal.front())];
        (row.succeeded() ? only_here : only_there).add(signed_amount(row.record->kind, row.record->amount));
    }
    for (auto const& item : pool.result.pending) {
        if (item.kind != Waiting::PENDING_PROVIDER_FILE) continue;
        for (auto const& id : item.internal) {
            auto const& record = *pool.internal[row_of.at(id)].record;
            waiting.add(signed_amount(record.kind, record.amount));
        }
    }
    for (auto const& line : pool.lines) {
        if (line.active) active.add(signed_amount(line.record->kind, line.record->amount));
    }
    CHO_TRY(auto const l, ledger.total());
    CHO_TRY(auto const d, deltas.total());
    CHO_TRY(auto const t, only_there.total());
    CHO_TRY(auto const h, only_here.total());
    CHO_TRY(auto const w, waiting.total());
    CHO_TRY(auto const a, active.total());
    Sum left;
    left.add(l), left.add(d), left.add(t), left.subtract(h), left.subtract(w);
    CHO_TRY(auto const explained, left.total());
    if (explained == a) return std::nullopt;
    auto const text = [](Dong amount) { return std::to_string(amount.count()); };
    return "ledger " + text(l) + " + differences " + text(d) + " + paid only there " + text(t) + " - paid only here " + text(h) +
           " - waiting " + text(w) + " = " + text(explained) + ", but the provider's active lines are " + text(a);
}

}  // namespace cho40::reconcile
