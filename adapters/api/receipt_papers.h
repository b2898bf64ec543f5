#pragma once
#include "adapters/api/fees.h"
#include "adapters/stores/receipts_store.h"
#include <boost/asio/thread_pool.hpp>

namespace cho40::api {

// What the files of receipts are made with. Made once by the service; outlives the server.
struct ReceiptDesk {
    FeeContext& fees;
    boost::asio::thread_pool& computing;
    stores::ReceiptsStore& store;
    fees::SignReceipts* sign = nullptr;  // set before the first request
};

void add_receipt_paper_routes(http::Router& router, ReceiptDesk& desk);  // pages.receipt_pdf, receipt_xml

// The receipt that opens with what somebody typed. Error: receipt_not_found, whatever is wrong with the code.
[[nodiscard]] boost::asio::awaitable<Result<fees::StoredReceipt>> receipt_with_code(ReceiptDesk& desk, std::string typed);

// Where anybody may verify it; stands in its QR code.
[[nodiscard]] std::string verify_url(FeeContext const& context, fees::Receipt const& receipt);

}  // namespace cho40::api
