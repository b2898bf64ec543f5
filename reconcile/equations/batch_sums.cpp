#include "reconcile/equations/batch_sums.h"
#include "reconcile/sum.h"

namespace cho40::reconcile {

Result<EquationFigures> BatchSums::figures(Pool const& pool) const
{
    Sum left, right;
    for (auto const& batch : pool.batches) {
        if (batch.place != Place::matched) continue;
        left.add(batch.net);
        for (At at : batch.entries) right.add(pool.entries[at].signed_amount());
    }
    for (auto const& found : pool.result.breaks) {
        if (found.kind == BreakClass::SETTLEMENT_AMOUNT_MISMATCH) left.add(found.delta);
    }
    CHO_TRY(auto const l, left.total());
    CHO_TRY(auto const r, right.total());
    return EquationFigures{number(), name(), l, r};
}

Result<std::optional<std::string>> BatchSums::broken(Pool const& pool) const
{
    auto const text = [](Dong amount) { return std::to_string(amount.count()); };
    std::unordered_map<std::string_view, Dong> explained;  // deltas of the breaks reported
    for (auto const& found : pool.result.breaks) {
        if (found.kind == BreakClass::SETTLEMENT_AMOUNT_MISMATCH) explained[*found.batch] = found.delta;
    }
    for (auto const& batch : pool.batches) {
        CHO_TRY(auto const net, subtract(batch.gross, batch.fee));
        if (net != batch.net) {
            return "batch " + std::string(batch.id) + ": gross " + text(batch.gross) + " - fees " + text(batch.fee) + " = " + text(net) +
                   ", but its lines' net is " + text(batch.net);
        }
        if (batch.place != Place::matched) continue;
        Sum sum;
        for (At at : batch.entries) sum.add(pool.entries[at].signed_amount());
        CHO_TRY(auto const booked, sum.total());
        auto const it = explained.find(batch.id);
        auto const delta = it == explained.end() ? Dong() : it->second;
        CHO_TRY(auto const expected, add(batch.net, delta));
        if (expected != booked) {
            return "batch " + std::string(batch.id) + ": net " + text(batch.net) + " + difference " + text(delta) + " = " + text(expected) +
                   ", but its entries are " + text(booked);
        }
    }
    return std::nullopt;
}

}  // namespace cho40::reconcile
