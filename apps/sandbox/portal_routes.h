#pragma once
#include "adapters/http/router.h"
#include "apps/sandbox/bank.h"
#include "apps/sandbox/books.h"
#include "apps/sandbox/call_log.h"
#include "apps/sandbox/case_portal.h"
#include <chrono>

namespace cho40::sandbox {

// POST and GET /portal/payment-results, POST /setup/portal.
void add_portal_routes(http::Router& router, CasePortal& portal, Bank const& clock, CallLog& calls, Books& books,
                       std::chrono::milliseconds second);

}  // namespace cho40::sandbox
