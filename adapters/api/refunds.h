#pragma once
#include "adapters/api/context.h"

namespace cho40::api {

// refunds.create, list, read, qr, approve, reject, cancel, complete; credits.refund.
void add_refund_routes(http::Router& router, Context& context);

}  // namespace cho40::api
