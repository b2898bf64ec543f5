#pragma once
#include "adapters/api/context.h"

namespace cho40::api {

// markets.create, households.create, stalls.create.
void add_registration_routes(http::Router& router, Context& context);

}  // namespace cho40::api
