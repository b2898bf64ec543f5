#pragma once
#include "reconcile/pool.h"

namespace cho40::reconcile {

// The rules in their order over a fresh pool, then totals, with every list of the result sorted; the matches of the ledger's
// records stay in the pool. No equations yet. Pre: payment ids are unique. Error: amount_overflow.
[[nodiscard]] Result<Pool> run_rules(RunInput const& input, Settings const& settings);

}  // namespace cho40::reconcile
