#include "reconcile/totals.h"
#include "reconcile/sum.h"

namespace cho40::reconcile {

Result<Totals> totals_of(Pool const& pool)
{
    Sum internal, gross, fee, net, credit, debit;
    for (auto const& row : pool.internal) {
        if (row.succeeded()) internal.add(signed_amount(row.record->kind, row.record->amount));
    }
    for (auto const& line : pool.lines) {
        if (!line.active) continue;
        gross.add(signed_amount(line.record->kind, line.record->amount));
        fee.add(line.record->fee);
        net.add(line.record->net);
    }
    for (auto const& entry : pool.entries) {
        if (entry.repeated || entry.record->currency != "VND") continue;
        (entry.record->direction == Direction::credit ? credit : debit).add(entry.record->amount);
    }
    Totals totals;
    CHO_TRY(totals.internal_net, internal.total());
    CHO_TRY(totals.provider_gross, gross.total());
    CHO_TRY(totals.provider_fee, fee.total());
    CHO_TRY(totals.provider_net, net.total());
    CHO_TRY(totals.bank_credit, credit.total());
    CHO_TRY(totals.bank_debit, debit.total());
    return totals;
}

}  // namespace cho40::reconcile
