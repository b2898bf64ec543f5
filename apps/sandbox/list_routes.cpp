#include "adapters/http/json_writer.h"
#include "adapters/rails/signature.h"
#include "apps/sandbox/faults.h"
#include "apps/sandbox/provider_lists.h"
#include "apps/sandbox/routes.h"
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;
using Answering = boost::asio::awaitable<Result<Response>>;

constexpr std::int64_t sepay_limit_max = 5000;
constexpr std::int64_t casso_page_size_max = 100;
constexpr int casso_days_default = 7;

// The rail account whose API key the request shows.
std::optional<RailAccount> account_of(Bank const& bank, std::string_view rail, Request const& request, std::string_view scheme)
{
    auto const key = rails::credentials(request.header("Authorization"), scheme);
    for (auto const& [id, account] : bank.rail_accounts()) {
        if (account.rail == rail && !key.empty() && account.api_key == key) return account;
    }
    return std::nullopt;
}

Response sepay_refusal(int status, std::string_view error)
{
    return Response::json_text(http::dump_json({{"status", status}, {"error", error}, {"messages", {{"success", false}}}}), status);
}

Response casso_refusal(int status, std::string_view message)
{
    return Response::json_text(http::dump_json({{"error", status}, {"message", message}}), status);
}

// Absent: `otherwise`. Nothing when it is no number of the range.
std::optional<std::int64_t> whole(Request const& request, std::string_view name, std::int64_t otherwise, std::int64_t min, std::int64_t max)
{
    auto const text = request.query_value(name);
    if (!text || text->empty()) return otherwise;
    auto const number = rails::digits(*text);
    if (!number || *number < min || *number > max) return std::nullopt;
    return number;
}

// "2023-04-30 08:00:00", or a day: then its first moment, or with `whole_day` the first moment of the next one.
std::optional<Instant> moment(std::string const& text, bool whole_day)
{
    if (auto const day = Day::parse(text)) return whole_day ? day->end() : day->begin();
    auto const time = parse_local_time(text);
    if (!time) return std::nullopt;
    return whole_day ? *time + std::chrono::seconds(1) : *time;
}

std::optional<Dong> amount(Request const& request, std::string_view name)
{
    auto const number = rails::digits(request.query_value(name).value_or(""));
    return number ? std::optional(Dong(*number)) : std::nullopt;
}

Answering list_of_sepay(Bank const& bank, Request request)
{
    auto const account = account_of(bank, "sepay", request, "Bearer");
    if (!account) co_return sepay_refusal(401, "Unauthorized");
    SepayQuery query;
    query.account_number = request.query_value("account_number").value_or("");
    query.reference_number = request.query_value("reference_number").value_or("");
    query.amount_in = amount(request, "amount_in");
    query.amount_out = amount(request, "amount_out");
    if (auto const text = request.query_value("transaction_date_min")) {
        query.not_before = moment(*text, false);
        if (!query.not_before) co_return sepay_refusal(400, "transaction_date_min is no date");
    }
    if (auto const text = request.query_value("transaction_date_max")) {
        query.before = moment(*text, true);
        if (!query.before) co_return sepay_refusal(400, "transaction_date_max is no date");
    }
    auto const since = whole(request, "since_id", 0, 0, std::numeric_limits<std::int64_t>::max());
    auto const limit = whole(request, "limit", sepay_limit_max, 1, sepay_limit_max);
    if (!since || !limit) co_return sepay_refusal(400, "since_id or limit is no such number");
    query.since_id = *since;
    query.limit = static_cast<std::size_t>(*limit);
    co_return Response::json_text(http::dump_json(sepay_list(bank, *account, query)));
}

Answering list_of_casso(Bank const& bank, Request request)
{
    auto const account = account_of(bank, "casso", request, "Apikey");
    if (!account) co_return casso_refusal(401, "Unauthorized");
    auto const today = Day::of(bank.now());
    auto const day_of = [&request](std::string_view name, Day otherwise) -> std::optional<Day> {
        auto const text = request.query_value(name);
        if (!text || text->empty()) return otherwise;
        auto const day = Day::parse(*text);
        return day ? std::optional(*day) : std::nullopt;
    };
    auto const from = day_of("fromDate", today.plus_days(-casso_days_default));
    auto const to = day_of("toDate", today);
    auto const page = whole(request, "page", 1, 1, 1'000'000);
    auto const page_size = whole(request, "pageSize", 10, 1, casso_page_size_max);
    auto const sort = request.query_value("sort").value_or("ASC");
    if (!from || !to || !page || !page_size || (sort != "ASC" && sort != "DESC"))
        co_return casso_refusal(400, "fromDate and toDate are YYYY-MM-DD, page and pageSize numbers, sort ASC or DESC");
    CassoQuery query{*from, *to, static_cast<std::size_t>(*page), static_cast<std::size_t>(*page_size), sort == "ASC"};
    co_return Response::json_text(http::dump_json(casso_page(bank, *account, query)));
}

}  // namespace

void add_list_routes(http::Router& router, Bank const& bank)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    about_route.quiet = true;
    router.add(get, "/userapi/transactions/list", "sepay.list",
               with_faults([&bank](Request request) { return list_of_sepay(bank, std::move(request)); }), about_route);
    router.add(get, "/v2/transactions", "casso.list",
               with_faults([&bank](Request request) { return list_of_casso(bank, std::move(request)); }), about_route);
}

}  // namespace cho40::sandbox
