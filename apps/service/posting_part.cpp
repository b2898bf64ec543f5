#include "apps/service/posting_part.h"
#include "apps/service/periodic.h"

namespace cho40::service {

PostingPart::PostingPart(Services& s, ledger::Ledger& ledger, api::LedgerReadsContext& reads, std::function<bool()> writes)
    : log_(s.log), writes_(std::move(writes)), books_(s.database), reader_(s.clock),
      context_{s.gate, s.idempotency, s.audit, ledger, s.clock, s.random, books_, reader_},
      movements_(s.database, s.config.database.writer_group), reports_(s.log, s.metrics), carrier_(ledger, movements_, s.clock, reports_),
      between_{context_,   reads,
               carrier_,   movements_,
               s.executor, [this](boost::asio::awaitable<void> work) {
                   return jobs_ && jobs_->spawn("ledger.between", std::move(work)); }}
{
}

void PostingPart::add_routes(http::Router& router)
{
    api::add_ledger_book_routes(router, context_);
    api::add_ledger_transfer_routes(router, context_);
    api::add_ledger_between_routes(router, between_);
}

void PostingPart::start_jobs(observability::JobGroup& jobs)
{
    jobs_ = &jobs;
    auto round = [this]() -> boost::asio::awaitable<Result<bool>> {
        if (writes_()) CHO_CO_TRY_DO(co_await carrier_.round());
        co_return false;
    };
    jobs.spawn("ledger.between_rounds", periodically("ledger.between_rounds", std::chrono::seconds(1), log_, std::move(round)));
}

}  // namespace cho40::service
