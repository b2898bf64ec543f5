#pragma once
#include "adapters/api/context.h"
#include "adapters/api/rail_directory.h"
#include "adapters/stores/rail_readings.h"

namespace cho40::api {

// rail_backfills.create, rail_backfills.read: days of a provider's list that are read once more, because an operator asks for it.
void add_rail_backfill_routes(http::Router& router, Context& context, RailDirectory& directory, stores::RailReadings& readings,
                              ledger::Ledger& ledger);

}  // namespace cho40::api
