#pragma once
#include "adapters/api/context.h"

namespace cho40::api {

// payments.create, list, read, qr, cancel, waive_shortage, credits.
void add_payment_routes(http::Router& router, Context& context);

// The stall a request belongs to. Error: not_found (also for requests of fee notices: they have their own resource).
[[nodiscard]] boost::asio::awaitable<Result<merchants::StallWithAccount>> stall_of(Context& context, qr_pay::StoredRequest stored);

// The stall with this id, if it is the principal's. Error: not_found.
[[nodiscard]] boost::asio::awaitable<Result<merchants::StallWithAccount>> own_stall(Context& context, identity::Principal principal,
                                                                                    Id<merchants::Stall> id);

}  // namespace cho40::api
