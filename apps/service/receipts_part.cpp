#include "apps/service/receipts_part.h"

namespace cho40::service {

ReceiptsPart::ReceiptsPart(Services& s, FeesPart& fees) : desk_{fees.context(), s.computing} {}

void ReceiptsPart::add_routes(http::Router& router) { api::add_receipt_paper_routes(router, desk_); }

boost::asio::awaitable<Result<Done>> ReceiptsPart::prepare() { co_return Done{}; }

void ReceiptsPart::start_jobs(observability::JobGroup&) {}

}  // namespace cho40::service
