#pragma once
#include "adapters/api/context.h"

namespace cho40::api {

// refunds.waiting: what a second person has to decide about.
void add_waiting_refunds_route(http::Router& router, Context& context);

}  // namespace cho40::api
