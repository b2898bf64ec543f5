#pragma once
#include "adapters/http/router.h"
#include "apps/sandbox/bank.h"
#include "apps/sandbox/books.h"
#include "apps/sandbox/call_log.h"
#include "apps/sandbox/day_files.h"
#include "apps/sandbox/payments.h"

namespace cho40::sandbox {

// POST /setup/rail-accounts, rail-faults, probe, receiving-accounts, clock, breaks.
void add_setup_routes(http::Router& router, Bank& bank, Notifier& notifier, RailFaults& rail_faults, DayFiles& files, Books& books);
// POST /bank/payments, GET /bank/payments/{payment}, POST /bank/refunds, GET /bank/camt053, GET /providers/daily-file.
void add_bank_routes(http::Router& router, Bank& bank, Payments& payments, DayFiles& files);
// GET /userapi/transactions/list of SePay, GET /v2/transactions of Casso.
void add_list_routes(http::Router& router, Bank const& bank);
// GET /log
void add_log_routes(http::Router& router, CallLog& calls);

}  // namespace cho40::sandbox
