#pragma once
#include "adapters/http/client.h"
#include "adapters/http/router.h"
#include "apps/sandbox/bank.h"
#include "apps/sandbox/books.h"
#include "apps/sandbox/call_log.h"
#include "apps/sandbox/national_platform.h"

namespace cho40::sandbox {

struct NationalSide {
    NationalPlatform& platform;
    Bank const& clock;
    CallLog& calls;
    http::Client& client;
    std::string service_url;
    std::chrono::milliseconds second;
};

// POST /dvcqg/api, GET and POST /dvcqg/pay/{reference}, GET /dvcqg/payments, POST /dvcqg/payments/{reference}/end and /tell,
// POST /setup/national.
void add_national_routes(http::Router& router, std::shared_ptr<NationalSide> side, Books& books);

}  // namespace cho40::sandbox
