#include "apps/service/receipts_part.h"
#include "adapters/receipts/signed_papers.h"
#include "adapters/tax_gateway/papers.h"
#include "apps/service/periodic.h"

namespace cho40::service {

struct ReceiptsPart::Ready {
    Ready(Services& s, stores::ReceiptsStore& store, stores::ReceiptReportsStore& reports, stores::FeesStore& agencies,
          std::shared_ptr<xml::Signer const> signer)
        : papers(s.computing, std::move(signer), s.clock), sign(store, papers, s.ledger),
          report(reports, agencies, papers, s.ledger, s.clock, s.random)
    {
    }

    receipts::SignedPapers papers;
    fees::SignReceipts sign;
    fees::MakeReceiptReports report;
};

ReceiptsPart::ReceiptsPart(Services& s, FeesPart& fees)
    : services_(s), fees_(fees), store_(s.database), reports_(s.database),
      cancel_(store_, fees.store(), fees.store(), s.ledger, s.clock, s.random), desk_{fees.context(), s.computing, store_},
      cancellation_desk_{fees.context(), store_, cancel_}, report_desk_{fees.context(), reports_},
      not_reported_(s.metrics.gauge("cho40_receipts_not_reported",
                                    "Receipts of past days, and what became of them, that are in no report to the tax office."))
{
}

boost::asio::awaitable<Result<Done>> ReceiptsPart::prepare()
{
    CHO_CO_TRY(auto signer, tax_gateway::signer_from_files(services_.config.etax.signing_key, services_.config.etax.certificate));
    if (!signer) services_.log.warning("receipts.no_certificate");
    ready_ = std::make_shared<Ready>(services_, store_, reports_, fees_.store(), std::move(signer));
    desk_.sign = &ready_->sign;
    report_desk_.make = &ready_->report;
    desk_.fees.signs_receipts = ready_->papers.can_sign();
    co_return Done{};
}

void ReceiptsPart::add_routes(http::Router& router)
{
    api::add_receipt_paper_routes(router, desk_);
    api::add_receipt_routes(router, cancellation_desk_);
    api::add_receipt_report_routes(router, report_desk_);
}

void ReceiptsPart::start_jobs(observability::JobGroup& jobs)
{
    constexpr std::chrono::seconds between_reports{30};
    auto reporting = [this] { return report_due(); };
    jobs.spawn("receipts.report", periodically("receipts.report", between_reports, services_.log, std::move(reporting)));
    if (!ready_->papers.can_sign()) return;
    auto signing = [this] { return ready_->sign.round(); };
    jobs.spawn("receipts.sign", periodically("receipts.sign", std::chrono::milliseconds(500), services_.log, std::move(signing)));
}

boost::asio::awaitable<Result<bool>> ReceiptsPart::report_due()
{
    CHO_CO_TRY(auto const round, co_await ready_->report.round());
    not_reported_.set(static_cast<double>(round.late));
    // The day of issue is over: the law has been missed, whatever is made now.
    if (round.late > 0) services_.log.warning("receipts.report_late", {{"count", round.late}});
    co_return round.more;
}

}  // namespace cho40::service
