#pragma once
#include "adapters/api/context.h"

namespace cho40::api {

// credits.read, assign: money a stall received, why it was matched as it was, and a person's word on what it was for.
void add_credit_routes(http::Router& router, Context& context);

}  // namespace cho40::api
