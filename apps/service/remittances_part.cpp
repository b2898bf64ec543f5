#include "apps/service/remittances_part.h"
#include "adapters/api/ids.h"
#include "apps/service/periodic.h"
#include "base/check.h"
#include <map>

namespace cho40::service {
namespace {

constexpr std::chrono::seconds rails_heard_within{5};
constexpr std::chrono::hours overdue_counted_every{1};
constexpr int lines_at_once = 500;
constexpr int orders_looked_at = 120;

// The data files of this release: tests hold them against their reader, so a failure here is our mistake.
template <class T>
T embedded_data()
{
    auto read = T::embedded();
    CHO_CHECK(read.has_value());
    return *std::move(read);
}

}  // namespace

RemittancesPart::RemittancesPart(Services& s, FeesPart& fees)
    : services_(s), agencies_(fees.store()), store_(s.database), shares_(embedded_data<fees::Agencies>()),
      deadlines_(embedded_data<fees::RemittanceDeadlines>()), treasuries_(embedded_data<fees::Treasuries>()),
      remit_(store_, shares_, s.ledger, s.clock, s.random),
      context_{s.gate, s.idempotency,         s.cursors,  s.computing, s.clock, agencies_, store_,
               remit_, fees.context().tables, deadlines_, treasuries_}
{
}

void RemittancesPart::add_routes(http::Router& router) { api::add_remittance_routes(router, context_); }

void RemittancesPart::start_jobs(observability::JobGroup& jobs)
{
    auto hearing = [this] { return hear_rails(); };
    jobs.spawn("remittances.hear_rails", periodically("remittances.hear_rails", rails_heard_within, services_.log, std::move(hearing)));
    auto counting = [this] { return count_overdue(); };
    jobs.spawn("remittances.overdue", periodically("remittances.overdue", overdue_counted_every, services_.log, std::move(counting)));
}

boost::asio::awaitable<Result<bool>> RemittancesPart::hear_rails()
{
    CHO_CO_TRY(auto told, co_await store_.money_out_for_orders(lines_at_once));
    std::map<Id<fees::Agency>, std::vector<fees::StatementLine>> by_agency;
    for (auto& one : told) by_agency[one.agency].push_back(std::move(one.line));
    for (auto& [id, lines] : by_agency) {
        CHO_CO_TRY(auto agency, co_await agencies_.find_agency(id));
        if (!agency) continue;
        CHO_CO_TRY(auto remittances, co_await store_.list(agency->book, id, std::nullopt, orders_looked_at));
        auto heard = co_await remit_.hear(*std::move(agency), std::move(remittances), std::move(lines), {});
        // Another instance, or a person, was first: the next round sees what is left.
        if (!heard && heard.error().code != Errc::stale) co_return tl::unexpected<Error>(std::move(heard).error());
    }
    co_return false;
}

boost::asio::awaitable<Result<bool>> RemittancesPart::count_overdue()
{
    CHO_CO_TRY(auto const awaiting, co_await store_.awaiting());
    auto const today = Day::of(services_.clock.now());
    std::map<std::string, Day> overdue_since;  // by agency: the earliest deadline that has passed
    for (auto const& one : awaiting) {
        auto const last = deadlines_.last_day_for(one.fee_code, one.oldest, WorkingDays::embedded());
        if (!last || today <= *last) continue;
        auto const [it, is_new] = overdue_since.try_emplace(one.agency_code, *last);
        if (!is_new) it->second = std::min(it->second, *last);
    }
    for (auto const& [agency, since] : overdue_since)
        services_.log.warning("remittances.overdue", {{"agency", agency}, {"was_due_on", since.to_string()}});
    services_.metrics.gauge("cho40_remittances_overdue", "Agencies that hold fees for the budget whose deadline has passed.")
        .set(static_cast<double>(overdue_since.size()));
    CHO_CO_TRY(auto const differing, co_await store_.count_differing());
    services_.metrics.gauge("cho40_remittances_differing", "Orders to the budget that a statement names with another amount.")
        .set(static_cast<double>(differing));
    co_return false;
}

}  // namespace cho40::service
