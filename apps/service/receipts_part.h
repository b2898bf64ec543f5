#pragma once
#include "adapters/api/receipt_reports.h"
#include "adapters/api/receipts.h"
#include "apps/service/fees_part.h"

namespace cho40::service {

// Receipts as papers and files: printed, signed, cancelled, told to the tax office.
class ReceiptsPart final : public Part {
public:
    ReceiptsPart(Services& services, FeesPart& fees);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override;
    void start_jobs(observability::JobGroup& jobs) override;

private:
    // Made once the key is read.
    struct Ready;
    boost::asio::awaitable<Result<bool>> report_due();

    Services& services_;
    FeesPart& fees_;
    stores::ReceiptsStore store_;
    stores::ReceiptReportsStore reports_;
    fees::CancelReceipts cancel_;
    api::ReceiptDesk desk_;
    api::CancellationDesk cancellation_desk_;
    api::ReceiptReportDesk report_desk_;
    observability::Gauge not_reported_;
    std::shared_ptr<Ready> ready_;
};

}  // namespace cho40::service
