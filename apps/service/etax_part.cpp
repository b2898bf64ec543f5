#include "apps/service/etax_part.h"
#include "adapters/tax_gateway/rates_json.h"
#include "apps/service/periodic.h"

namespace cho40::service {

struct EtaxPart::Ready {
    Ready(Services& s, stores::TaxStore& store, stores::AuditStore& audits, etax::TaxGateway& gateway,
          std::shared_ptr<xml::Signer const> signer)
        : papers(s.computing, std::move(signer), s.clock),
          tools{s.ledger, store,   store, papers, tax_gateway::embedded_rates(), etax::FormTables::embedded(), WorkingDays::embedded(),
                s.clock,  s.random},
          draft(tools), submit(tools, !s.config.etax.gateway_url.empty()),
          forward(s.ledger, store, gateway, papers, tools.calendar, s.clock, s.random, policy_of(s.config)),
          context{s.gate, s.idempotency, s.audit, s.cursors, s.clock, s.merchants, store, audits, tools, draft, submit, s.proofs}
    {
    }

    static etax::ForwardPolicy policy_of(config::Config const& config)
    {
        etax::ForwardPolicy policy;
        policy.first_pause = std::chrono::seconds(config.etax.poll_seconds);
        return policy;
    }

    tax_gateway::XmlPapers papers;
    etax::FilingTools tools;
    etax::DraftReturn draft;
    etax::SubmitReturn submit;
    etax::ForwardReturns forward;
    api::TaxContext context;
};

namespace {

std::string without_slash(std::string url)
{
    while (url.ends_with('/')) url.pop_back();
    return url;
}

}  // namespace

EtaxPart::EtaxPart(Services& s)
    : services_(s), store_(s.database), audits_(s.database), gateway_(s.outside, without_slash(s.config.etax.gateway_url)),
      steps_(s.metrics.counter("cho40_etax_steps_total", "Steps taken with returns on their way to the tax authority."))
{
}

boost::asio::awaitable<Result<Done>> EtaxPart::prepare()
{
    CHO_CO_TRY(auto signer, tax_gateway::signer_from_files(services_.config.etax.signing_key, services_.config.etax.certificate));
    if (!signer) services_.log.warning("etax.no_certificate");
    ready_ = std::make_shared<Ready>(services_, store_, audits_, gateway_, std::move(signer));
    co_return Done{};
}

void EtaxPart::add_routes(http::Router& router)
{
    api::add_tax_household_routes(router, ready_->context);
    api::add_tax_return_routes(router, ready_->context);
}

void EtaxPart::start_jobs(observability::JobGroup& jobs)
{
    if (services_.config.etax.gateway_url.empty()) {
        services_.log.warning("etax.no_gateway");
        return;
    }
    auto forwarding = [this] { return forward_due(); };
    jobs.spawn("etax.forward", periodically("etax.forward", std::chrono::milliseconds(500), services_.log, std::move(forwarding)));
}

boost::asio::awaitable<Result<bool>> EtaxPart::forward_due()
{
    constexpr int at_once = 50;
    CHO_CO_TRY(auto const due, co_await store_.due(services_.clock.now(), at_once));
    bool failed = false;
    for (auto const& ret : due) {
        auto const news = co_await ready_->forward.step(ret);
        steps_.add();
        if (!news) {
            // `stale`: something else moved it, it is read again. Anything else must not keep the others waiting.
            if (news.error().code != Errc::stale) {
                services_.log.warning(
                    "etax.step_failed",
                    {{"return", ret.id.uuid.to_string()}, {"code", errc_name(news.error().code)}, {"detail", news.error().detail}});
                failed = true;
            }
            continue;
        }
        for (auto const action : news->actions) {
            using enum etax::FilingAction;
            if (action == alert_silence || action == escalate || action == call_a_person) {
                services_.log.warning("etax.needs_a_person", {{"return", news->ret.uuid.to_string()},
                                                              {"state", etax::name_of(news->state)},
                                                              {"why", action == alert_silence ? "silence"
                                                                      : action == escalate    ? "due_tomorrow"
                                                                                              : "conflict"}});
            }
        }
    }
    co_return due.size() == at_once && !failed;
}

}  // namespace cho40::service
