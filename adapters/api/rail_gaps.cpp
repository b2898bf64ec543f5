#include "adapters/api/rail_gaps.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/rail_owner.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using nlohmann::json;
using stores::RailGap;

std::string tail_of(std::string const& number) { return "•••• " + (number.size() > 4 ? number.substr(number.size() - 4) : number); }

json view_of(RailGap const& gap)
{
    auto const closed = gap.closed_at.value_or(gap.opened_at);
    json view = {
        {"id", http::to_text(gap.id)},
        {"rail_account", http::to_text(gap.rail_account)},
        {"rail", gap.rail},
        {"account_number_masked", tail_of(gap.account_number)},
        {"state", gap.closed_at ? gap.closed_by : "open"},
        {"last_known", {{"booked_at", http::instant_json(gap.last_booked_at)}, {"balance_after", http::money_json(gap.last_balance)}}},
        {"first_known", {{"booked_at", http::instant_json(gap.first_booked_at)}, {"balance_before", http::money_json(gap.first_balance)}}},
        {"missing", http::money_json(gap.missing)},
        {"can_be_asked", gap.has_list},
        {"closed_at", gap.closed_at ? http::instant_json(*gap.closed_at) : json()},
        {"explanation", http::text_or_null(gap.explanation)}};
    stamp(view, "rail_gap", gap.version, gap.opened_at, closed);
    return view;
}

boost::asio::awaitable<Result<Done>> may_see(RailDirectory& directory, identity::Principal principal, RailGap gap)
{
    CHO_CO_TRY(auto const entry, co_await directory.find({}, gap.rail_account));
    co_return identity::may_act_for(principal, RailOwner(entry->account).place);
}

Answering list(Context& context, RailDirectory& directory, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {"state"}));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    auto const state = request.query_value("state").value_or("open");
    if (state != "open" && state != "all") {
        Error refused(Errc::validation_failed, "state is open or all");
        refused.fields.push_back(FieldError{"#query/state", Errc::unknown_value, "open or all", "open hoặc all.", {}});
        co_return fail(std::move(refused));
    }
    CHO_CO_TRY(auto const before, id_before(request, context.cursors));
    CHO_CO_TRY(auto gaps, co_await context.gaps.list(state == "open", before, limit + 1));
    std::optional<std::string> next;
    if (cut_to(gaps, limit)) {
        std::vector<std::string> const position = {gaps.back().id.uuid.to_string()};
        next = context.cursors.write(request, position);
    }
    json data = json::array();
    for (auto& gap : gaps) {
        auto view = view_of(gap);
        if (co_await may_see(directory, principal, std::move(gap))) data.push_back(std::move(view));
    }
    co_return list_response(request, std::move(data), next, context.clock.now(), std::nullopt);
}

Answering explain(Context& context, RailDirectory& directory, ledger::Ledger& ledger, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto const id, http::parse_id<stores::RailGapTag>(request.path_value("gap")));
    CHO_CO_TRY(auto const gap, co_await context.gaps.find(id));
    if (!gap) co_return fail(Errc::not_found, "no such gap");
    CHO_CO_TRY_DO(co_await may_see(directory, principal, *gap));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const reason = in.text("reason", {3, 400});
    CHO_CO_TRY_DO(body.finish());
    identity::Idempotency::Work work = [&ledger, gap = *gap, reason, now = context.clock.now()](identity::Ticket ticket) -> Answering {
        if (gap.closed_at) co_return fail(Error(Errc::invalid_state, "the gap is closed").vi("Khoảng trống này đã đóng."));
        ledger::Command command(gap.book);
        command.guards.push_back(ticket.guard());
        auto const guard = make_derived_uuid({"rail_gap", gap.id.uuid.to_string()});
        command.guards.push_back(ledger::Guard{guard, 0, 1});  // one explanation closes it
        command.rows.push_back(std::make_shared<stores::ExplainedGap>(gap, reason, now));
        auto closed = gap;
        closed.closed_at = now;
        closed.closed_by = "explained";
        closed.explanation = reason;
        ++closed.version;
        auto rows = ticket.rows(identity::Answer(200, http::dump_json(view_of(closed)), identity::AuditTarget{"gap", gap.id.uuid}));
        command.rows.insert(command.rows.end(), rows.begin(), rows.end());
        CHO_CO_TRY_DO(co_await ledger.submit(std::move(command)));
        co_return ticket.response();
    };
    auto const book = gap->book;
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

}  // namespace

void add_rail_gap_routes(http::Router& router, Context& context, RailDirectory& directory, ledger::Ledger& ledger)
{
    using enum http::Method;
    router.add(get, "/v1/rail-gaps", "rail_gaps.list",
               [&context, &directory](Request request) { return list(context, directory, std::move(request)); });
    router.add(post, "/v1/rail-gaps/{gap}/explanation", "rail_gaps.explain",
               [&context, &directory, &ledger](Request request) { return explain(context, directory, ledger, std::move(request)); });
}

}  // namespace cho40::api
