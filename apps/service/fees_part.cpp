#include "apps/service/fees_part.h"
#include "adapters/api/public_pages.h"
#include "apps/service/periodic.h"
#include "base/check.h"

namespace cho40::service {
namespace {

// How long another instance may take to hear that a schedule was approved here.
constexpr std::chrono::seconds schedule_heard_within{1};

// The data files of this release: tests hold them against their reader, so a failure here is our mistake.
template <class T>
T embedded_data()
{
    auto read = T::embedded();
    CHO_CHECK(read.has_value());
    return *std::move(read);
}

std::string without_slash(std::string url)
{
    while (url.ends_with('/')) url.pop_back();
    return url;
}

portal::CaseClientOptions portal_options(config::Config const& config)
{
    portal::CaseClientOptions options;
    options.url = without_slash(config.portal.url);
    options.secret = config.portal.secret;
    options.partner = config.portal.partner;
    return options;
}

}  // namespace

FeesPart::FeesPart(Services& s)
    : services_(s), somebody_is_told_(!s.config.portal.url.empty()), tables_(embedded_data<fees::FeeTables>()),
      known_agencies_(embedded_data<fees::Agencies>()), store_(s.database, s.payments), refunds_(s.database), schedules_(s.database),
      import_schedules_(schedules_, s.ledger, s.clock, s.random), request_payment_(s.ledger, s.clock, s.random),
      change_payment_(s.ledger, s.clock, s.random), rules_(store_, store_, s.clock, s.random, somebody_is_told_),
      register_agency_(s.ledger, store_, s.clock, s.random), create_notice_(tables_, store_, s.ledger, s.clock, s.random),
      start_paying_(store_, store_, store_, request_payment_, s.clock), extend_paying_(store_, change_payment_, s.clock),
      portal_(s.outside, portal_options(s.config)), tell_dossiers_(store_, portal_, s.ledger, s.clock, s.random),
      context_{s.gate,
               s.idempotency,
               s.cursors,
               s.clock,
               s.random,
               s.log,
               s.hub,
               s.events,
               s.merchants,
               store_,
               refunds_,
               tables_,
               known_agencies_,
               register_agency_,
               create_notice_,
               start_paying_,
               extend_paying_,
               s.proofs,
               without_slash(s.config.server.public_url),
               somebody_is_told_,
               nullptr,
               s.config.installation.demo},
      schedule_context_{s.gate, s.idempotency, s.cursors, s.clock, s.log, schedules_, import_schedules_, tables_},
      collector_context_{s.gate, s.clock, s.computing, store_, tables_, known_agencies_}
{
}

void FeesPart::add_routes(http::Router& router)
{
    api::add_agency_routes(router, context_);
    api::add_fee_item_routes(router, context_);
    api::add_fee_notice_routes(router, context_);
    api::add_fee_schedule_routes(router, schedule_context_);
    api::add_collector_statement_routes(router, collector_context_);
    api::add_pay_routes(router, context_);
    api::add_public_pages(router, context_);
}

// Before the first request: nobody is told an amount of a schedule that was replaced. One that this program cannot read stops
// the start, for the same reason.
boost::asio::awaitable<Result<Done>> FeesPart::prepare() { return fees::follow_schedule(schedules_, tables_); }

void FeesPart::start_jobs(observability::JobGroup& jobs)
{
    auto following = [this]() -> boost::asio::awaitable<Result<bool>> {
        CHO_CO_TRY_DO(co_await fees::follow_schedule(schedules_, tables_));
        co_return false;
    };
    jobs.spawn("fee_schedule.follow", periodically("fee_schedule.follow", schedule_heard_within, services_.log, std::move(following)));
    if (!somebody_is_told_) return;
    auto telling = [this] { return tell_dossiers_.round(); };
    jobs.spawn("dossiers.tell", periodically("dossiers.tell", std::chrono::milliseconds(500), services_.log, std::move(telling)));
}

}  // namespace cho40::service
