#pragma once
#include "adapters/api/fees.h"
#include "adapters/api/national_directory.h"
#include "fees/pay_nationally.h"

namespace cho40::api {

// What the public pages need of the national payment platform.
struct NationalDesk {
    stores::NationalStore& store;
    fees::PayNationally& pay;
};

struct NationalContext {
    FeeContext& fees;
    NationalDesk& desk;
    NationalDirectory& directory;
    ledger::Ledger& ledger;
    observability::Metrics& metrics;
};

// How a collector is known to the platform: national_platforms.set, national_platforms.read.
void add_national_platform_routes(http::Router& router, NationalContext& context);
// Attempts: national_payments.create, list, read, bill.
void add_national_payment_routes(http::Router& router, NationalContext& context);
// Where the platform tells how a payment ended: national_platforms.result.
void add_national_result_route(http::Router& router, NationalContext& context);

}  // namespace cho40::api
