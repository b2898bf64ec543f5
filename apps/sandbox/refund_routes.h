#pragma once
#include "adapters/http/router.h"
#include "apps/sandbox/payments.h"

namespace cho40::sandbox {

// vietqr.vn's refund call, from its side: POST /vqr/api/token_generate, POST /vqr/api/transaction/refund.
void add_refund_routes(http::Router& router, Bank& bank, Payments& payments);

}  // namespace cho40::sandbox
