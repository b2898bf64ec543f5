#pragma once
#include "adapters/api/ledger_reads.h"
#include "adapters/stores/ledger_reads.h"
#include "apps/service/services.h"

namespace cho40::service {

// Balances, statements, lists and the feed of the ledger.
class LedgerReadsPart final : public Part {
public:
    LedgerReadsPart(Services& services, stores::WriterMemory memory);
    void add_routes(http::Router& router) override;
    boost::asio::awaitable<Result<Done>> prepare() override;
    void start_jobs(observability::JobGroup& jobs) override;
    [[nodiscard]] api::LedgerReadsContext& context() { return context_; }

private:
    stores::LedgerReads reads_;
    stores::BookOwners books_;
    api::LedgerReadsContext context_;
};

}  // namespace cho40::service
