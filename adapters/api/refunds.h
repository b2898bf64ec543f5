#pragma once
#include "adapters/api/context.h"

namespace cho40::api {

// refunds.create, list, read, qr, approve, reject, cancel, complete.
void add_refund_routes(http::Router& router, Context& context);

}  // namespace cho40::api
