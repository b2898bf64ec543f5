#pragma once
#include "adapters/api/context.h"
#include "adapters/api/rail_directory.h"
#include "ledger/ports.h"

namespace cho40::api {

// rail_gaps.list, rail_gaps.explain: transfers that, by the balances, were told by nobody.
void add_rail_gap_routes(http::Router& router, Context& context, RailDirectory& directory, ledger::Ledger& ledger);

}  // namespace cho40::api
