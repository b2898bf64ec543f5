#pragma once
#include "adapters/api/posting.h"
#include "apps/service/services.h"

namespace cho40::service {

// The ledger as integrators write to it: books of their own, accounts, transfers, periods.
class PostingPart final : public Part {
public:
    explicit PostingPart(Services& services);

    void add_routes(http::Router& router) override;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> prepare() override { co_return Done{}; }
    void start_jobs(observability::JobGroup&) override {}

private:
    stores::BookStore books_;
    api::TransferReader reader_;
    api::PostingContext context_;
};

}  // namespace cho40::service
