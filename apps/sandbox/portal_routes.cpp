#include "apps/sandbox/portal_routes.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/http/problem.h"
#include "apps/sandbox/faults.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::JsonBody;
using http::Request;
using http::Response;
using nlohmann::json;
using Answering = boost::asio::awaitable<Result<Response>>;

constexpr int silence = 30;  // seconds, then the connection ends without an answer

Answering take_result(CasePortal& portal, Bank const& clock, CallLog& calls, std::chrono::milliseconds second, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    PaymentResult result;
    result.dossier_code = in.text("dossier_code", {1, 100});
    result.notice_code = in.text("notice_code", {1, 100});
    result.amount = in.dong("amount");
    result.paid_at = in.text("paid_at", {1, 40});
    result.partner = in.text("partner", {1, 100});
    auto const* receipts = in.any("receipts");
    result.receipts = receipts != nullptr ? http::dump_json(*receipts) : "[]";
    if (receipts != nullptr && !receipts->is_array()) in.refuse("receipts", Errc::wrong_type, "must be a list");
    CHO_CO_TRY_DO(body.finish());
    result.received_at = clock.now();

    CallEntry entry;
    entry.at = result.received_at;
    entry.direction = "received";
    entry.kind = "portal";
    entry.about = result.dossier_code;
    entry.where = request.path;
    entry.request = request.body;
    auto const taken = portal.take(std::move(result), request.header("X-Checksum"));
    bool const silent = taken && portal.scenario() == PortalScenario::silent;
    auto answer = taken ? Response::json({{"ok", true}}) : http::problem_response(taken.error(), request);
    entry.status = silent ? 0 : answer.status;
    entry.answer = silent ? "" : std::string(answer.body_text());
    calls.add(std::move(entry));
    if (silent) {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, silence * second);
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return Response(Response::hang_up);
    }
    co_return answer;
}

Answering list_results(CasePortal& portal, Request)
{
    auto out = json::array();
    for (auto const& result : portal.results()) {
        out.push_back({{"dossier_code", result.dossier_code},
                       {"notice_code", result.notice_code},
                       {"amount", result.amount.count()},
                       {"paid_at", result.paid_at},
                       {"receipts", json::parse(result.receipts)},
                       {"partner", result.partner},
                       {"received_at", http::instant_json(result.received_at)},
                       {"times", result.times}});
    }
    co_return Response::json({{"payment_results", std::move(out)}});
}

Answering set_portal(CasePortal& portal, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    auto const secret = in.text("secret", {1, 200});
    auto const name = in.optional_text("scenario", {1, 40});
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto const scenario, portal_scenario_named(name.value_or("normal")));
    portal.set(secret, scenario);
    co_return Response::json({{"scenario", name.value_or("normal")}});
}

}  // namespace

void add_portal_routes(http::Router& router, CasePortal& portal, Bank const& clock, CallLog& calls, Books& books,
                       std::chrono::milliseconds second)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    router.add(post, "/portal/payment-results", "portal.take", with_faults([&portal, &clock, &calls, second](Request request) {
                   return take_result(portal, clock, calls, second, std::move(request));
               }),
               about_route);
    router.add(get, "/portal/payment-results", "portal.list",
               with_faults([&portal](Request request) { return list_results(portal, std::move(request)); }), about_route);
    router.add(
        post, "/setup/portal", "setup.portal",
        remembered(books, "/setup/portal", with_faults([&portal](Request request) { return set_portal(portal, std::move(request)); })),
        about_route);
}

}  // namespace cho40::sandbox
