#pragma once
#include "adapters/api/recon.h"
#include "apps/service/services.h"

namespace cho40::service {

// Files of providers and banks, and the comparison of each day with the ledger.
class ReconcilePart final : public Part {
public:
    explicit ReconcilePart(Services& services);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override;
    void start_jobs(observability::JobGroup& jobs) override;

private:
    stores::ReconStore store_;
    stores::ReconBreakStore breaks_;
    stores::ReconClosingStore closings_;
    api::ReconContext context_;
};

}  // namespace cho40::service
