#pragma once
#include "reconcile/pool.h"

namespace cho40::reconcile {

// Error: amount_overflow.
[[nodiscard]] Result<Totals> totals_of(Pool const& pool);

}  // namespace cho40::reconcile
