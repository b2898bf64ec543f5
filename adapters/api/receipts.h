#pragma once
#include "adapters/api/receipt_papers.h"
#include "adapters/http/ids.h"
#include "fees/cancel_receipt.h"

namespace cho40::http {

template <>
struct IdPrefix<fees::ReceiptCancellation> {
    static constexpr std::string_view value = "rcc";
};

}  // namespace cho40::http

namespace cho40::api {

// What the routes about single receipts work with. Made once by the service; outlives the server.
struct CancellationDesk {
    FeeContext& fees;
    stores::ReceiptsStore& store;
    fees::CancelReceipts& cancel;
};

void add_receipt_routes(http::Router& router, CancellationDesk& desk);  // receipts.read, cancel, approve_cancellation, reject_cancellation

}  // namespace cho40::api
