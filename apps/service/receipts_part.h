#pragma once
#include "adapters/api/receipt_papers.h"
#include "apps/service/fees_part.h"

namespace cho40::service {

// Receipts as papers and files.
class ReceiptsPart final : public Part {
public:
    ReceiptsPart(Services& services, FeesPart& fees);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override;
    void start_jobs(observability::JobGroup& jobs) override;

private:
    api::ReceiptDesk desk_;
};

}  // namespace cho40::service
