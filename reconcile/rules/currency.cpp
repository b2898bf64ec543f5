#include "reconcile/rules/currency.h"

namespace cho40::reconcile {

Result<Done> Currency::apply(Pool& pool) const
{
    for (At at = 0; at < pool.entries.size(); ++at) {
        auto const& entry = *pool.entries[at].record;
        if (entry.currency == "VND" || pool.entries[at].place != Place::open) continue;
        pool.place_entry(at, Place::in_break);
        auto& found = pool.add_break(BreakClass::CURRENCY_MISMATCH, Dong(), "the entry is in " + entry.currency + ", not in VND");
        found.bank = {entry.entry_ref};
    }
    return Done{};
}

}  // namespace cho40::reconcile
