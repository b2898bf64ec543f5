#include "apps/service/receipts_part.h"
#include "adapters/receipts/signed_papers.h"
#include "adapters/tax_gateway/papers.h"
#include "apps/service/periodic.h"

namespace cho40::service {

struct ReceiptsPart::Ready {
    Ready(Services& s, stores::ReceiptsStore& store, std::shared_ptr<xml::Signer const> signer)
        : papers(s.computing, std::move(signer), s.clock), sign(store, papers, s.ledger)
    {
    }

    receipts::SignedPapers papers;
    fees::SignReceipts sign;
};

ReceiptsPart::ReceiptsPart(Services& s, FeesPart& fees) : services_(s), store_(s.database), desk_{fees.context(), s.computing, store_} {}

boost::asio::awaitable<Result<Done>> ReceiptsPart::prepare()
{
    CHO_CO_TRY(auto signer, tax_gateway::signer_from_files(services_.config.etax.signing_key, services_.config.etax.certificate));
    if (!signer) services_.log.warning("receipts.no_certificate");
    ready_ = std::make_shared<Ready>(services_, store_, std::move(signer));
    desk_.sign = &ready_->sign;
    desk_.fees.signs_receipts = ready_->papers.can_sign();
    co_return Done{};
}

void ReceiptsPart::add_routes(http::Router& router) { api::add_receipt_paper_routes(router, desk_); }

void ReceiptsPart::start_jobs(observability::JobGroup& jobs)
{
    if (!ready_->papers.can_sign()) return;
    auto signing = [this] { return ready_->sign.round(); };
    jobs.spawn("receipts.sign", periodically("receipts.sign", std::chrono::milliseconds(500), services_.log, std::move(signing)));
}

}  // namespace cho40::service
