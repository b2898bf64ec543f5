#pragma once
#include "adapters/api/ledger_between.h"
#include "adapters/stores/movement_reports.h"
#include "adapters/stores/movement_store.h"
#include "apps/service/services.h"

namespace cho40::service {

// The ledger as integrators write to it: books of their own, accounts, transfers in a book and between books, periods.
class PostingPart final : public Part {
public:
    // `ledger`: takes commands for books of every writer group. `writes`: whether this instance is the one that posts now.
    PostingPart(Services& services, ledger::Ledger& ledger, api::LedgerReadsContext& reads, std::function<bool()> writes);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override { co_return Done{}; }
    void start_jobs(observability::JobGroup& jobs) override;

private:
    observability::Log const& log_;
    std::function<bool()> writes_;
    observability::JobGroup* jobs_ = nullptr;  // from start_jobs() on
    stores::BookStore books_;
    api::TransferReader reader_;
    api::PostingContext context_;
    stores::MovementStore movements_;
    stores::MovementReports reports_;
    ledger::Carrier carrier_;
    api::BetweenContext between_;
};

}  // namespace cho40::service
