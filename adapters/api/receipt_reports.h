#pragma once
#include "adapters/api/fees.h"
#include "adapters/stores/receipt_reports_store.h"

namespace cho40::api {

// What the routes about the summaries 01/TH-BLĐT work with. Made once by the service; outlives the server.
struct ReceiptReportDesk {
    FeeContext& fees;
    stores::ReceiptReportsStore& store;
    fees::MakeReceiptReports* make = nullptr;  // set before the first request
};

void add_receipt_report_routes(http::Router& router, ReceiptReportDesk& desk);  // receipt_reports.create, read

}  // namespace cho40::api
