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

bool paid_on_one_side(Break const& found) { return found.kind == BreakClass::STATUS_MISMATCH && !found.provider.empty(); }

struct Sides {
    Dong ledger, deltas, only_there, only_here, waiting, explained, active;
};

Result<Sides> sides_of(Pool const& pool)
{
    Sum ledger, deltas, only_there, only_here, waiting, active;
    // The rows that breaks and waits name: few of many.
    std::unordered_map<std::string_view, At> row_of;
    for (auto const& found : pool.result.breaks) {
        if (paid_on_one_side(found)) row_of.emplace(found.internal.front(), nowhere);
    }
    for (auto const& item : pool.result.pending) {
        if (item.kind != Waiting::PENDING_PROVIDER_FILE) continue;
        for (auto const& id : item.internal) row_of.emplace(id, nowhere);
    }
    for (At at = 0; at < pool.internal.size(); ++at) {
        auto const& record = *pool.internal[at].record;
        if (record.channel != Channel::provider) continue;
        if (auto const it = row_of.find(record.payment_id); it != row_of.end()) it->second = at;
        if (pool.internal[at].succeeded()) ledger.add(signed_amount(record.kind, record.amount));
    }
    for (auto const& found : pool.result.breaks) {
        if (counts(found)) deltas.add(found.delta);
        if (!paid_on_one_side(found)) continue;
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
    Sides sides;
    CHO_TRY(sides.ledger, ledger.total());
    CHO_TRY(sides.deltas, deltas.total());
    CHO_TRY(sides.only_there, only_there.total());
    CHO_TRY(sides.only_here, only_here.total());
    CHO_TRY(sides.waiting, waiting.total());
    CHO_TRY(sides.active, active.total());
    Sum left;
    left.add(sides.ledger), left.add(sides.deltas), left.add(sides.only_there), left.subtract(sides.only_here),
        left.subtract(sides.waiting);
    CHO_TRY(sides.explained, left.total());
    return sides;
}

}  // namespace

Result<EquationFigures> ProviderChannel::figures(Pool const& pool) const
{
    CHO_TRY(auto const sides, sides_of(pool));
    return EquationFigures{number(), name(), sides.explained, sides.active};
}

Result<std::optional<std::string>> ProviderChannel::broken(Pool const& pool) const
{
    CHO_TRY(auto const s, sides_of(pool));
    if (s.explained == s.active) return std::nullopt;
    auto const text = [](Dong amount) { return std::to_string(amount.count()); };
    return "ledger " + text(s.ledger) + " + differences " + text(s.deltas) + " + paid only there " + text(s.only_there) +
           " - paid only here " + text(s.only_here) + " - waiting " + text(s.waiting) + " = " + text(s.explained) +
           ", but the provider's active lines are " + text(s.active);
}

}  // namespace cho40::reconcile
