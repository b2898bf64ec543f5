#pragma once
#include "apps/cli/bench/ledger_stage.h"

namespace cho40::cli::bench {

// The usual way of keeping books in SQL with the same guarantees: a call a transfer, which locks both balances, claims the
// idempotency key, checks the limit, numbers the row, and commits. `clients` connections, each with one call on the way.
[[nodiscard]] Round one_call_each(Database& database, std::chrono::seconds length, std::size_t clients);

}  // namespace cho40::cli::bench
