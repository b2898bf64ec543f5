#pragma once
#include "adapters/statements/payout_order.h"

namespace cho40::statements {

// The order as a customer credit transfer initiation pain.001.001.09 with one batch. Counts and control sums are added up
// here, so they agree; amounts are VND without a fraction. A BIN stands as the member number of the clearing system NAPAS.
// Same order, same bytes. Error: that of check().
[[nodiscard]] Result<std::string> write_pain001(PayoutOrder const& order);

}  // namespace cho40::statements
