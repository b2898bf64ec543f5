#pragma once
#include "adapters/api/fees.h"
#include <boost/asio/thread_pool.hpp>

namespace cho40::api {

// What the files of receipts are made with. Made once by the service; outlives the server.
struct ReceiptDesk {
    FeeContext& fees;
    boost::asio::thread_pool& computing;
};

void add_receipt_paper_routes(http::Router& router, ReceiptDesk& desk);  // pages.receipt_pdf

// The receipt that opens with what somebody typed. Error: receipt_not_found, whatever is wrong with the code.
[[nodiscard]] boost::asio::awaitable<Result<fees::Receipt>> receipt_with_code(FeeContext& context, std::string typed);

// Where anybody may verify it; stands in its QR code.
[[nodiscard]] std::string verify_url(FeeContext const& context, fees::Receipt const& receipt);

}  // namespace cho40::api
