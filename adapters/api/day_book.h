#pragma once
#include "adapters/api/context.h"
#include "adapters/api/handler.h"
#include "merchants/stall.h"

namespace cho40::api {

// stalls.day_book: what moved on one day of a stall, and what it has to give back.
[[nodiscard]] Answering day_book(Context& context, http::Request request);

// The stall named in the path, if it is the principal's.
[[nodiscard]] boost::asio::awaitable<Result<merchants::StallWithAccount>> stall_in_path(Context& context, http::Request const& request,
                                                                                        identity::Principal principal);

}  // namespace cho40::api
