#pragma once
#include "adapters/api/context.h"
#include "adapters/api/rail_directory.h"
#include "qr-pay/intake.h"

namespace cho40::api {

// What the rails' routes work with.
struct RailContext {
    RailDirectory& directory;
    qr_pay::Intake& intake;
    observability::Log const& log;
    observability::Metrics& metrics;
    Clock const& clock;
    Random& random;
};

// rails.payos, rails.vietqr_token, rails.vietqr_sync: the paths and bodies each provider prescribes. A 2xx means durable.
void add_rail_routes(http::Router& router, RailContext& context);

}  // namespace cho40::api
