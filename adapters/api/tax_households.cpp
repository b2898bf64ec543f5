#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/tax_json.h"
#include "adapters/api/tax_timeline.h"
#include "adapters/api/taxes.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include "etax/obligations.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using etax::FilingState;
using etax::Period;
using http::Request;
using http::Response;
using merchants::Household;
using nlohmann::json;

constexpr int positions_shown = 8;
constexpr int viewers_shown = 10;

Period quarter_before(Period quarter)
{
    auto const last = quarter.first_day().plus_days(-1);
    return *Period::quarter(last.year(), last.quarter());
}

Period last_closed_quarter(Day today) { return quarter_before(*Period::quarter(today.year(), today.quarter())); }

Result<Period> period_asked(Request const& request, std::optional<Period> otherwise)
{
    auto const text = request.query_value("period");
    if (!text && otherwise) return *otherwise;
    auto const period = Period::parse(text.value_or(""));
    if (!period || period->kind() == etax::PeriodKind::year) {
        return fail(Error(Errc::invalid_period, "?period= is a quarter 2026-Q3 or a month 2026-07", "#query/period")
                        .vi("Kỳ tính thuế viết 2026-Q3 hoặc 2026-07."));
    }
    return *period;
}

// The newest return that was submitted; without one, the newest draft.
std::optional<etax::StoredReturn> telling_return(std::vector<etax::StoredReturn> const& newest_first, Period period)
{
    std::optional<etax::StoredReturn> draft;
    for (auto const& r : newest_first) {
        if (r.period() != period) continue;
        if (r.filing.state != FilingState::draft) return r;
        if (!draft) draft = r;
    }
    return draft;
}

Result<TaxPosition> position_of(TaxContext& context, Household const& household, etax::HouseholdTurnover const& turnover, Period period,
                                std::vector<etax::StoredReturn> const& returns)
{
    TaxPosition p(period);
    CHO_TRY(auto const threshold, context.tools.rates.threshold(etax::ThresholdKind::vat_and_pit_exempt, period.last_day()));
    p.ledger_turnover = turnover.of(period);
    p.year_to_date_before = turnover.before(period);
    p.must_file = household.expects_above || p.ledger_turnover.count() + p.year_to_date_before.count() > threshold.amount.count();
    p.ret = telling_return(returns, period);
    p.due = etax::due_day(period, context.tools.calendar);
    return p;
}

struct Listed {
    Household household;
    std::vector<etax::TurnoverStall> stalls;
    TaxPosition position;
};

// Largest difference first, then turnover, then the id: a strict order, so that a page can begin after any row.
bool before(Listed const& a, Listed const& b)
{
    auto const wa = a.position.weight(), wb = b.position.weight();
    if (wa != wb) return wa > wb;
    if (a.position.ledger_turnover != b.position.ledger_turnover) return a.position.ledger_turnover > b.position.ledger_turnover;
    return a.household.id.uuid < b.household.id.uuid;
}

constexpr std::string_view tiers[] = {"matched", "different", "not_filed", "below_threshold", "waiting", "refused"};

Result<std::vector<std::string>> tiers_asked(Request const& request)
{
    std::vector<std::string> out;
    auto const text = request.query_value("tier");
    if (!text || text->empty()) return out;
    for (auto const name : names_in(*text)) {
        if (std::ranges::find(tiers, name) == std::end(tiers)) return fail(Errc::unknown_value, "not a tier", "#query/tier");
        out.emplace_back(name);
    }
    return out;
}

Answering list(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::province()));
    CHO_CO_TRY_DO(http::only_query(request, {"q", "period", "tier"}));
    CHO_CO_TRY(auto const period, period_asked(request, last_closed_quarter(Day::of(context.clock.now()))));
    CHO_CO_TRY(auto const wanted, tiers_asked(request));
    CHO_CO_TRY(auto const limit_whole, http::page_limit(request));
    CHO_CO_TRY(auto const after, context.cursors.read(request));
    auto const q = std::string(trim(request.query_value("q").value_or("")));
    if (!is_valid_utf8(q) || q.size() > 480) co_return fail(Errc::invalid_input, "at most 120 characters", "#query/q");

    CHO_CO_TRY(auto households, co_await context.taxes.households(q));
    std::vector<Uuid> everybody;
    CHO_CO_TRY(auto turnovers, co_await context.taxes.of_many(std::move(everybody), period.year()));
    stores::TaxStore::ListFilter filter;
    filter.period = period.to_string();
    filter.limit = 20'000;
    CHO_CO_TRY(auto const returns, co_await context.taxes.list(std::move(filter)));
    std::map<Uuid, std::vector<etax::StoredReturn>> returns_of;
    for (auto const& r : returns) returns_of[r.household.uuid].push_back(r);

    std::vector<Listed> rows;
    for (auto& h : households) {
        auto& turnover = turnovers[h.id.uuid];
        CHO_CO_TRY(auto position, position_of(context, h, turnover, period, returns_of[h.id.uuid]));
        if (!wanted.empty() && std::ranges::find(wanted, position.tier()) == wanted.end()) continue;
        rows.push_back(Listed{std::move(h), std::move(turnover.stalls), std::move(position)});
    }
    std::ranges::sort(rows, before);
    auto from = rows.begin();
    if (!after.empty()) {
        auto const last = Uuid::from_string(after.front());
        from = std::ranges::find_if(rows, [&](Listed const& l) { return last && l.household.id.uuid == *last; });
        if (from == rows.end()) co_return fail(Errc::invalid_cursor, "the row this cursor names is gone; start again", "#query/cursor");
        ++from;
    }
    auto const count = std::min<std::ptrdiff_t>(limit_whole, rows.end() - from);
    json data = json::array();
    for (auto row = from; row != from + count; ++row) {
        data.push_back(household_json(row->household, row->stalls, row->position, context.tools.rates, request.language));
    }
    std::optional<std::string> next;
    if (from + count != rows.end()) {
        std::vector<std::string> const last = {(from + count - 1)->household.id.uuid.to_string()};
        next = context.cursors.write(request, last);
    }
    std::optional<WhyEmpty> why;
    if (rows.empty()) {
        bool const filtered = !q.empty() || !wanted.empty();
        why = filtered ? WhyEmpty{"filters_exclude_all", "Không có hộ nào khớp bộ lọc.", "No household matches the filters."}
                       : WhyEmpty{"no_household_yet", "Chưa có hộ kinh doanh nào.", "No household yet."};
    }
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

// A quarter before the household's first sale here is not one it failed to file.
bool begins_before_the_ledger(TaxPosition const& p) { return !p.ret && p.ledger_turnover.is_zero() && p.year_to_date_before.is_zero(); }

boost::asio::awaitable<Result<json>> viewers_of(TaxContext& context, Id<Household> household)
{
    stores::AuditFilter filter;
    filter.target = household.uuid;
    filter.act = "looked";
    filter.limit = viewers_shown;
    CHO_CO_TRY(auto const lines, co_await context.audits.list(std::move(filter)));
    json out = json::array();
    for (auto const& line : lines) {
        auto const role = line.entry.role.value_or(identity::Role::operator_);
        out.push_back({{"at", http::instant_json(line.entry.at)}, {"name", line.actor_name}, {"role", identity::role_name(role)}});
    }
    co_return out;
}

Answering read(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto id, http::parse_id<Household>(request.path_value("household")));
    CHO_CO_TRY(auto household, co_await own_household(context, principal, id));
    CHO_CO_TRY_DO(co_await note_look(context, std::move(principal), request.request_id, household));
    auto const now = context.clock.now();
    auto const today = Day::of(now);
    stores::TaxStore::ListFilter filter;
    filter.households = {household.id.uuid};
    filter.limit = 200;
    CHO_CO_TRY(auto const returns, co_await context.taxes.list(std::move(filter)));

    std::map<int, etax::HouseholdTurnover> years;
    std::vector<TaxPosition> positions;
    auto period = last_closed_quarter(today);
    for (int i = 0; i < positions_shown; ++i, period = quarter_before(period)) {
        if (!years.contains(period.year())) { CHO_CO_TRY(years[period.year()], co_await context.taxes.of(household.id, period.year())); }
        auto position = position_of(context, household, years[period.year()], period, returns);
        if (!position) break;  // no law of that time is in our tables
        positions.push_back(*std::move(position));
    }
    while (positions.size() > 1 && begins_before_the_ledger(positions.back())) positions.pop_back();
    if (!years.contains(today.year())) { CHO_CO_TRY(years[today.year()], co_await context.taxes.of(household.id, today.year())); }
    std::vector<TimelineStep> steps;
    for (auto const& [year, turnover] : years) {
        auto const threshold = context.tools.rates.threshold(etax::ThresholdKind::vat_and_pit_exempt, Day::from(year, 12, 31));
        if (threshold) add_months(turnover, now, threshold->amount, request.language, steps);
    }
    for (auto const& ret : returns) {
        CHO_CO_TRY(auto const states, co_await context.taxes.steps(ret));
        CHO_CO_TRY(auto const notices, co_await context.taxes.notices(ret));
        add_return(ret, states, notices, context.tools.papers, request.language, steps);
    }
    CHO_CO_TRY(auto viewers, co_await viewers_of(context, household.id));
    if (positions.empty()) co_return fail(Errc::rate_missing, "no law for the last closed quarter is in the tables");

    json shown = json::array();
    for (auto const& p : positions) shown.push_back(position_json(p, request.language));
    auto const& stalls = years[today.year()].stalls;
    json out = {{"household", household_json(household, stalls, positions.front(), context.tools.rates, request.language)},
                {"positions", std::move(shown)},
                {"timeline", timeline_json(std::move(steps))},
                {"viewers", std::move(viewers)}};
    co_return Response::json(out);
}

Answering turnover(TaxContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto id, http::parse_id<Household>(request.path_value("household")));
    CHO_CO_TRY_DO(http::only_query(request, {"period"}));
    CHO_CO_TRY(auto const period, period_asked(request, std::nullopt));
    CHO_CO_TRY(auto household, co_await own_household(context, principal, id));
    CHO_CO_TRY_DO(co_await note_look(context, std::move(principal), request.request_id, household));
    CHO_CO_TRY(auto const found, co_await context.taxes.of(household.id, period.year()));
    CHO_CO_TRY(auto const threshold, context.tools.rates.threshold(etax::ThresholdKind::vat_and_pit_exempt, period.last_day()));
    auto out = turnover_json(found, period, threshold.amount, context.tools.rates);
    out["household"] = http::to_text(household.id);
    out["as_of"] = http::instant_json(context.clock.now());
    co_return Response::json(out);
}

}  // namespace

boost::asio::awaitable<Result<Household>> own_household(TaxContext& context, identity::Principal principal, Id<Household> id)
{
    CHO_CO_TRY(auto household, co_await context.merchants.household(id));
    if (!household) co_return fail(Errc::not_found, "no such household");
    if (identity::may_act_for(principal, identity::Place::province())) co_return *std::move(household);
    CHO_CO_TRY(auto const stalls, co_await context.merchants.stalls_of_household(id));
    for (auto const& s : stalls) {
        if (identity::may_act_for(principal, identity::Place::stall(s.stall.id.uuid, s.stall.market.uuid))) co_return *std::move(household);
    }
    co_return fail(Error(Errc::not_found, "no such household").vi("Không tìm thấy."));
}

boost::asio::awaitable<Result<Done>> note_look(TaxContext& context, identity::Principal principal, std::string request_id,
                                               Household household)
{
    if (principal.has_role(identity::Role::vendor)) co_return Done{};
    identity::AuditTarget target{"hh", household.id.uuid};
    co_return co_await context.audit.looked(household.book, std::move(principal), std::move(request_id), std::move(target));
}

void add_tax_household_routes(http::Router& router, TaxContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/tax/households", "tax_households.list", with(list));
    router.add(get, "/v1/tax/households/{household}", "tax_households.read", with(read));
    router.add(get, "/v1/tax/households/{household}/turnover", "tax_households.turnover", with(turnover));
}

}  // namespace cho40::api
