#include "adapters/api/waiting_refunds.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/refund_json.h"
#include "adapters/http/json_writer.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using identity::Place;
using nlohmann::json;

json waiting_json(stores::RefundsStore::Waiting const& one, identity::Principal const& principal, http::Language language)
{
    auto const payee = one.stored.owner.uuid;
    bool const is_stall = !one.market.is_nil();
    RefundReader const reader{is_stall ? Place::stall(payee, one.market) : Place::agency(payee), principal, language};
    json stall = nullptr;
    if (is_stall)
        stall = {
            {"id", http::id_text("stl", payee)}, {"name", one.stall_name}, {"number", one.stall_number}, {"market_name", one.market_name}};
    return {{"refund", refund_json(one.stored, reader)},          {"stall", std::move(stall)},
            {"agency_name", http::text_or_null(one.agency_name)}, {"asked_by", http::text_or_null(one.asked_by)},
            {"reference", http::text_or_null(one.reference)},     {"received", http::money_json(one.received)}};
}

stores::RefundsStore::WaitingFilter places_of(identity::Principal const& principal)
{
    using enum identity::Role;
    stores::RefundsStore::WaitingFilter filter;
    filter.markets = principal.places_as(market_board);
    filter.payees = principal.places_as(vendor);
    std::ranges::copy(principal.places_as(agency), std::back_inserter(filter.payees));
    auto const is_any = [](std::vector<Uuid> const& places) { return std::ranges::any_of(places, &Uuid::is_nil); };
    filter.everywhere = is_any(filter.markets) || is_any(filter.payees);
    return filter;
}

Answering list(Context& context, Request request)
{
    CHO_CO_TRY(auto const principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    auto filter = places_of(principal);
    CHO_CO_TRY(filter.after, id_before(request, context.cursors));
    filter.limit = limit + 1;
    CHO_CO_TRY(auto found, co_await context.refunds.waiting(std::move(filter)));
    bool const more = cut_to(found, limit);
    json data = json::array();
    for (auto const& one : found) data.push_back(waiting_json(one, principal, request.language));
    std::optional<std::string> next;
    if (more) next = context.cursors.write(request, {found.back().stored.refund.id.uuid.to_string()});
    WhyEmpty const why{"nothing_waits", "Không có khoản hoàn nào chờ duyệt.", "No refund waits for approval."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

}  // namespace

void add_waiting_refunds_route(http::Router& router, Context& context)
{
    router.add(http::Method::get, "/v1/waiting-refunds", "refunds.waiting", handlers_of(context)(list));
}

}  // namespace cho40::api
