#pragma once
#include "adapters/api/receipt_papers.h"
#include "apps/service/fees_part.h"

namespace cho40::service {

// Receipts as papers and files: printed, signed.
class ReceiptsPart final : public Part {
public:
    ReceiptsPart(Services& services, FeesPart& fees);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override;
    void start_jobs(observability::JobGroup& jobs) override;

private:
    // Made once the key is read.
    struct Ready;

    Services& services_;
    stores::ReceiptsStore store_;
    api::ReceiptDesk desk_;
    std::shared_ptr<Ready> ready_;
};

}  // namespace cho40::service
