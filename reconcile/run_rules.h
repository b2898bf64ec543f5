#pragma once
#include "reconcile/pool.h"

namespace cho40::reconcile {

// The rules in their order over a fresh pool, then totals, with every list of the result sorted. No equations yet.
// Errors: invalid_input, amount_overflow.
[[nodiscard]] Result<Pool> run_rules(RunInput const& input, Settings const& settings);

}  // namespace cho40::reconcile
