#include "apps/sandbox/tax_routes.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "apps/sandbox/faults.h"
#include "base/digest.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;
using Answering = boost::asio::awaitable<Result<Response>>;

constexpr int unheard_for = 20;  // seconds, then 504
constexpr std::size_t filing_bytes_max = 20u << 20;  // what eTax takes

void note(CallLog& calls, Instant at, std::string transaction, Request const& request, Response const& response)
{
    CallEntry entry;
    entry.at = at;
    entry.direction = "received";
    entry.kind = "tvan";
    entry.about = std::move(transaction);
    entry.where = request.path;
    entry.status = response.status;
    entry.answer = std::string(response.body_text());
    calls.add(std::move(entry));
}

Answering put_filing(TaxOffice& office, Bank const& clock, CallLog& calls, std::chrono::milliseconds second, Request request)
{
    auto const transaction = request.path_value("transaction");
    if (transaction.empty() || transaction.size() > 100) co_return fail(Errc::invalid_input, "a transaction id has 1 to 100 characters");
    if (request.body.empty()) co_return fail(Errc::invalid_input, "there is no filing in the body");
    std::optional<TaxScenario> asked;
    if (auto const name = request.header("Test-Scenario"); !name.empty()) { CHO_CO_TRY(asked, tax_scenario_named(name)); }
    CHO_CO_TRY(auto const receipt, office.take(transaction, request.body, asked, clock.now()));
    if (receipt.scenario == TaxScenario::timeout_then_received && !receipt.again) {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, unheard_for * second);
        co_await timer.async_wait(boost::asio::use_awaitable);
        co_return fail(Errc::upstream_timeout, "the tax authority did not answer in time; ask for the notices of this transaction");
    }
    auto answer = Response::json({{"transaction_id", transaction}, {"digest", receipt.digest}}, receipt.again ? 200 : 202);
    note(calls, clock.now(), transaction, request, answer);
    co_return answer;
}

Answering show_notices(TaxOffice& office, Bank const& clock, CallLog& calls, Request request)
{
    auto const transaction = request.path_value("transaction");
    CHO_CO_TRY(auto const sent, office.notices(transaction, clock.now()));
    auto notices = json::array();
    for (auto const& notice : sent) {
        notices.push_back({{"code", notice.code}, {"content_base64", to_base64(notice.bytes)}, {"at", http::instant_json(notice.at)}});
    }
    auto answer = Response::json({{"notices", std::move(notices)}});
    note(calls, clock.now(), transaction, request, answer);
    co_return answer;
}

Answering set_scenario(TaxOffice& office, Request request)
{
    CHO_CO_TRY(auto body, http::JsonBody::parse(request.body));
    auto in = body.root();
    auto const taxpayer = in.text("taxpayer", {1, 20});
    auto const name = in.optional_text("scenario", {1, 40});
    CHO_CO_TRY_DO(body.finish());
    std::optional<TaxScenario> scenario;
    if (name) { CHO_CO_TRY(scenario, tax_scenario_named(*name)); }
    office.set_scenario(taxpayer, scenario);
    co_return Response::json({{"taxpayer", taxpayer}, {"scenario", scenario ? json(name_of(*scenario)) : json()}});
}

}  // namespace

void add_tax_routes(http::Router& router, TaxOffice& office, Bank const& clock, CallLog& calls, Books& books,
                    std::chrono::milliseconds second)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    about_route.body_bytes_max = filing_bytes_max;
    router.add(put, "/tvan/filings/{transaction}", "tvan.put_filing", with_faults([&office, &clock, &calls, second](Request request) {
                   return put_filing(office, clock, calls, second, std::move(request));
               }),
               about_route);
    about_route.body_bytes_max = http::body_bytes_default;
    router.add(get, "/tvan/filings/{transaction}/notices", "tvan.notices",
               with_faults([&office, &clock, &calls](Request request) { return show_notices(office, clock, calls, std::move(request)); }),
               about_route);
    router.add(
        post, "/setup/etax", "setup.etax",
        remembered(books, "/setup/etax", with_faults([&office](Request request) { return set_scenario(office, std::move(request)); })),
        about_route);
}

}  // namespace cho40::sandbox
