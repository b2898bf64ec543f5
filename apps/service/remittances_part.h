#pragma once
#include "adapters/api/remittances.h"
#include "apps/service/fees_part.h"
#include "apps/service/services.h"

namespace cho40::service {

// Payments of collected fees into the State budget.
class RemittancesPart final : public Part {
public:
    RemittancesPart(Services& services, FeesPart& fees);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override { co_return Done{}; }
    void start_jobs(observability::JobGroup& jobs) override;

private:
    // Money out that rails told of, against the orders that wait for their debit.
    boost::asio::awaitable<Result<bool>> hear_rails();
    // What was collected and has not left for the budget although its deadline has passed: a gauge, and a line for each agency; and the
    // orders that differ from what statements say.
    boost::asio::awaitable<Result<bool>> count_overdue();

    Services& services_;
    stores::FeesStore& agencies_;
    stores::RemittanceStore store_;
    fees::Agencies shares_;
    fees::RemittanceDeadlines deadlines_;
    fees::Treasuries treasuries_;
    fees::Remit remit_;
    api::RemittanceContext context_;
};

}  // namespace cho40::service
