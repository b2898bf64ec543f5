#pragma once
#include "adapters/http/router.h"
#include "apps/sandbox/bank.h"
#include "apps/sandbox/books.h"
#include "apps/sandbox/call_log.h"
#include "apps/sandbox/tax_office.h"

namespace cho40::sandbox {

// PUT /tvan/filings/{transaction}, GET /tvan/filings/{transaction}/notices, POST /setup/etax. The bank's clock is
// everybody's.
void add_tax_routes(http::Router& router, TaxOffice& office, Bank const& clock, CallLog& calls, Books& books,
                    std::chrono::milliseconds second);

}  // namespace cho40::sandbox
