#pragma once
#include "adapters/api/context.h"

namespace cho40::api {

// stalls.day_book, stalls.stream, cash_sales.create.
void add_stall_routes(http::Router& router, Context& context);

}  // namespace cho40::api
