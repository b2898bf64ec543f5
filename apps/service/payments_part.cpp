#include "apps/service/payments_part.h"
#include "adapters/api/credits.h"
#include "adapters/api/fees.h"
#include "adapters/api/payments.h"
#include "adapters/api/rail_backfills.h"
#include "adapters/api/rail_gaps.h"
#include "adapters/api/refund_access.h"
#include "adapters/api/refunds.h"
#include "adapters/api/registration.h"
#include "adapters/api/stalls.h"
#include "adapters/api/waiting_refunds.h"
#include "apps/service/periodic.h"
#include <algorithm>

namespace cho40::service {

namespace {

RailLists::Options list_options(config::Config const& config)
{
    return {std::chrono::seconds(config.rails.poll_seconds), std::chrono::seconds(config.rails.poll_overlap_seconds)};
}

}  // namespace

PaymentsPart::PaymentsPart(Services& s, qr_pay::PayeeRules& agencies, stores::FeesStore& fees)
    : services_(s), fees_(fees), request_payment_(s.ledger, s.clock, s.random), change_payment_(s.ledger, s.clock, s.random),
      assign_credit_(s.ledger, stall_rules_, s.clock, s.random),
      receive_credit_(s.payments, s.ledger, stall_rules_, agencies, s.clock, s.random), inbox_(s.database),
      intake_(s.executor, inbox_, receive_credit_, s.clock), note_cash_sale_(s.ledger, s.clock, s.random),
      registration_(s.ledger, s.merchants, s.clock, s.random), refunds_(s.database),
      refund_provider_(refunds_, s.outside, s.installation_key, s.log, s.config.refunds.vietqr_url),
      make_refund_(s.ledger, agencies, s.clock, s.random, Dong(s.config.refunds.approval_from)),
      refund_calls_(refunds_, refund_provider_, s.ledger, s.clock, s.random), directory_(s.merchants, s.installation_key, s.clock),
      heartbeat_store_(s.database), heartbeats_(heartbeat_store_, s.metrics), readings_(s.database),
      lists_(RailLists::Parts{directory_, heartbeats_, readings_, inbox_, intake_, s.outside, s.log, s.metrics, s.clock, s.random},
             list_options(s.config)),
      gaps_(s.database),
      gap_watch_(gaps_, readings_, s.log, s.metrics, s.clock, GapWatch::Options{std::chrono::seconds(s.config.rails.gap_grace_seconds)}),
      context_{s.gate,          s.idempotency, s.cursors,   s.clock,      s.random,         s.log,           s.metrics,
               s.hub,           s.events,      s.merchants, s.payments,   request_payment_, change_payment_, assign_credit_,
               note_cash_sale_, registration_, refunds_,    make_refund_, refund_calls_,    heartbeats_,     gaps_},
      notice_refunds_{context_, fees_}, rail_context_{directory_, heartbeats_, intake_, s.log, s.metrics, s.clock, s.random},
      merchant_contracts_(s.database), register_contract_(s.ledger, merchant_contracts_, s.clock, s.random),
      sign_desk_{context_, merchant_contracts_, register_contract_, s.computing}
{
}

void PaymentsPart::add_routes(http::Router& router)
{
    api::add_payment_routes(router, context_);
    api::add_credit_routes(router, context_);
    api::add_refund_routes(router, context_);
    api::add_waiting_refunds_route(router, context_);
    api::add_notice_refund_routes(router, notice_refunds_);
    api::add_refund_access_route(router, context_, directory_, services_.installation_key, services_.ledger);
    api::add_stall_routes(router, context_);
    api::add_stall_sign_routes(router, sign_desk_);
    api::add_registration_routes(router, context_);
    api::add_rail_account_routes(router, context_, directory_, api::find_agency_book(fees_));
    api::add_rail_backfill_routes(router, context_, directory_, readings_, services_.ledger);
    api::add_rail_gap_routes(router, context_, directory_, services_.ledger);
    api::add_rail_routes(router, rail_context_);
}

boost::asio::awaitable<Result<Done>> PaymentsPart::prepare()
{
    CHO_CO_TRY_DO(co_await directory_.load());
    if (auto const done = co_await intake_.catch_up(); !done) {
        services_.log.warning("rails.not_caught_up", {{"code", errc_name(done.error().code)}, {"detail", done.error().detail}});
    }
    co_return co_await heartbeats_.load();
}

void PaymentsPart::start_jobs(observability::JobGroup& jobs)
{
    for (int i = 0; i < 2; ++i) {
        jobs.spawn("rails.keep", intake_.keep());
        jobs.spawn("rails.match", intake_.match());
    }
    auto sweeping = [this] { return intake_.sweep(); };
    jobs.spawn("rails.sweep", periodically("rails.sweep", std::chrono::seconds(5), services_.log, std::move(sweeping)));
    auto exchanging = [this]() -> boost::asio::awaitable<Result<bool>> {
        CHO_CO_TRY_DO(co_await heartbeats_.exchange());
        co_return false;
    };
    jobs.spawn("rails.heartbeats", periodically("rails.heartbeats", std::chrono::seconds(5), services_.log, std::move(exchanging)));
    auto reading = [this] { return lists_.turn(); };
    jobs.spawn("rails.lists", periodically("rails.lists", std::chrono::seconds(1), services_.log, std::move(reading)));
    auto watching = [this]() -> boost::asio::awaitable<Result<bool>> {
        CHO_CO_TRY_DO(co_await gap_watch_.look());
        co_return false;
    };
    auto const look_every = std::chrono::seconds(std::clamp<std::int64_t>(services_.config.rails.gap_grace_seconds / 4, 1, 15));
    jobs.spawn("rails.gaps", periodically("rails.gaps", look_every, services_.log, std::move(watching)));
    auto calling = [this] { return refund_calls_.call_due(); };
    jobs.spawn("refunds.call", periodically("refunds.call", std::chrono::seconds(2), services_.log, std::move(calling)));
    auto expiring = [this] { return expire_due(); };
    jobs.spawn("payments.expire", periodically("payments.expire", std::chrono::seconds(1), services_.log, std::move(expiring)));
}

boost::asio::awaitable<Result<bool>> PaymentsPart::expire_due()
{
    constexpr int at_once = 200;
    CHO_CO_TRY(auto due, co_await services_.payments.due_to_expire(services_.clock.now(), at_once));
    for (auto& stored : due) {
        auto expired = co_await change_payment_.expire_request(std::move(stored));
        // Money may have come in between: then there is nothing to expire any more.
        if (!expired && expired.error().code != Errc::stale && expired.error().code != Errc::invalid_state) {
            co_return tl::unexpected<Error>(std::move(expired).error());
        }
    }
    co_return due.size() == at_once;
}

}  // namespace cho40::service
