#pragma once
#include "adapters/api/context.h"
#include "adapters/api/rail_directory.h"
#include "adapters/api/rail_heartbeats.h"
#include "qr-pay/intake.h"

namespace cho40::api {

// What the rails' routes work with.
struct RailContext {
    RailDirectory& directory;
    RailHeartbeats& heartbeats;
    qr_pay::Intake& intake;
    observability::Log const& log;
    observability::Metrics& metrics;
    Clock const& clock;
    Random& random;
};

// One route for each door that a rail declares (adapters/rails/facts.h), with the path and the bodies its provider
// prescribes: rails.payos, rails.vietqr_token, rails.vietqr_sync, … A success means durable.
void add_rail_routes(http::Router& router, RailContext& context);

}  // namespace cho40::api
