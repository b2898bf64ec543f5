#pragma once
#include "adapters/api/handler.h"
#include "adapters/http/cursor.h"
#include "adapters/identity/gate.h"
#include "adapters/identity/idempotency.h"
#include "adapters/observability/log.h"
#include "adapters/stores/fee_schedule_store.h"

namespace cho40::api {

// What the routes about fee schedules work with. Made once by the service; outlives the server.
struct FeeScheduleContext {
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    http::Cursors const& cursors;
    Clock const& clock;
    observability::Log const& log;
    stores::FeeScheduleStore& store;
    fees::ImportSchedules& imports;
    fees::TablesInForce& tables;
};

// fee_schedules.create, list, read, difference, file, approve, reject.
void add_fee_schedule_routes(http::Router& router, FeeScheduleContext& context);

}  // namespace cho40::api
