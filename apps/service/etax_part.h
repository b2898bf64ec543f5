#pragma once
#include "adapters/api/taxes.h"
#include "adapters/tax_gateway/http_gateway.h"
#include "adapters/tax_gateway/papers.h"
#include "apps/service/services.h"
#include "etax/forward_returns.h"

namespace cho40::service {

// Returns out of the ledger, signed, sent, and what the authority says to them.
class EtaxPart final : public Part {
public:
    explicit EtaxPart(Services& services);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override;
    void start_jobs(observability::JobGroup& jobs) override;

private:
    // Made once the key is read.
    struct Ready;
    boost::asio::awaitable<Result<bool>> forward_due();

    Services& services_;
    stores::TaxStore store_;
    stores::AuditStore audits_;
    tax_gateway::HttpGateway gateway_;
    observability::Counter steps_;
    std::shared_ptr<Ready> ready_;
};

}  // namespace cho40::service
