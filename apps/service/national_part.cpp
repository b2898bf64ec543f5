#include "apps/service/national_part.h"
#include "adapters/api/ids.h"
#include "apps/service/periodic.h"
#include <algorithm>
#include <array>

namespace cho40::service {
namespace {

// The platform's own words are for the log; a metric has only names that we know.
std::string_view counted(std::string_view outcome)
{
    constexpr std::array<std::string_view, 14> known = {"opened",      "paid",       "failed_there", "not_known_yet",    "differs",
                                                        "unreadable",  "fetched",    "not_a_pdf",    "upstream_timeout", "upstream_error",
                                                        "unavailable", "no_address", "too_large",    "not_found"};
    return std::ranges::find(known, outcome) == known.end() ? std::string_view("refused") : outcome;
}

}  // namespace

void NationalReports::asked(fees::NationalPayment const& payment, std::string_view act, std::string_view outcome)
{
    metrics_
        .counter("cho40_national_calls_total", "Calls of the national payment platform by act and how they ended.",
                 {{"act", std::string(act)}, {"outcome", std::string(counted(outcome))}})
        .add();
    bool const is_expected = outcome == "opened" || outcome == "paid" || outcome == "fetched" || outcome == "failed_there";
    log_.write(is_expected ? observability::Level::info : observability::Level::warning, "national.called", "",
               {{"attempt", http::to_text(payment.id)}, {"act", act}, {"outcome", outcome}});
}

void NationalReports::ended(fees::NationalPayment const& payment)
{
    metrics_
        .counter("cho40_national_payments_total", "Attempts over the national payment platform by how they ended.",
                 {{"state", std::string(fees::national_state_name(payment.state))}})
        .add();
    log_.info("national.ended", {{"attempt", http::to_text(payment.id)}, {"state", fees::national_state_name(payment.state)}});
}

void NationalReports::second_money(fees::NationalPayment const& payment)
{
    log_.warning("national.second_money", {{"attempt", http::to_text(payment.id)}});
}

void NationalReports::waiting(stores::NationalStore::Waiting const& waiting, Instant now)
{
    metrics_.gauge("cho40_national_unknown", "Attempts over the national payment platform whose end nobody knows yet.", {})
        .set(static_cast<double>(waiting.unknown));
    metrics_.gauge("cho40_national_not_booked", "Successes over the national payment platform whose money is not kept yet.", {})
        .set(static_cast<double>(waiting.not_booked));
    auto const age = waiting.oldest ? std::chrono::duration<double>(now - *waiting.oldest).count() : 0.0;
    metrics_.gauge("cho40_national_oldest_seconds", "How long the oldest of both has waited.", {}).set(age);
}

NationalPart::NationalPart(Services& s, FeesPart& fees, qr_pay::Intake& intake)
    : services_(s), reports_(s.log, s.metrics), store_(s.database), directory_(store_, s.installation_key, s.clock),
      platform_(s.outside, directory_),
      pay_(fees.store(), store_, platform_, fees.start_paying(), intake, s.ledger, reports_, s.clock, s.random), desk_{store_, pay_},
      context_{fees.context(), desk_, directory_, s.ledger, s.metrics}
{
    fees.context().national = &desk_;
}

void NationalPart::add_routes(http::Router& router)
{
    api::add_national_platform_routes(router, context_);
    api::add_national_payment_routes(router, context_);
    api::add_national_result_route(router, context_);
}

void NationalPart::start_jobs(observability::JobGroup& jobs)
{
    // A slow platform holds up one of them.
    for (int i = 0; i < 2; ++i) {
        auto asking = [this] { return pay_.turn(); };
        jobs.spawn("national.ask", periodically("national.ask", std::chrono::seconds(1), services_.log, std::move(asking)));
    }
    auto counting = [this] { return count(); };
    jobs.spawn("national.count", periodically("national.count", std::chrono::seconds(15), services_.log, std::move(counting)));
}

boost::asio::awaitable<Result<bool>> NationalPart::count()
{
    CHO_CO_TRY(auto const waiting, co_await store_.waiting());
    reports_.waiting(waiting, services_.clock.now());
    co_return false;
}

}  // namespace cho40::service
