#pragma once
#include "adapters/http/router.h"

namespace cho40::api {

using Answering = boost::asio::awaitable<Result<http::Response>>;

// Makes routes of functions that work in one context:
//
//   auto const with = handlers_of(context);
//   router.add(get, "/v1/payments", "payments.list", with(list));
template <class Context>
[[nodiscard]] auto handlers_of(Context& context)
{
    return [&context](Answering (*handler)(Context&, http::Request)) {
        return [&context, handler](http::Request request) { return handler(context, std::move(request)); };
    };
}

}  // namespace cho40::api
