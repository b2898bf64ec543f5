#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "apps/sandbox/faults.h"
#include "apps/sandbox/routes.h"
#include <nlohmann/json.hpp>

namespace cho40::sandbox {
namespace {

using http::JsonBody;
using http::Request;
using http::Response;
using Answering = boost::asio::awaitable<Result<Response>>;

Answering put_rail_account(Bank& bank, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    RailAccount account;
    account.id = in.text("id", {1, 64});
    account.rail = in.one_of<std::string>("rail", {{"payos", "payos"}, {"vietqr", "vietqr"}});
    account.address = in.text("address", {1, 500});
    account.secret = in.text("secret", {1, 500});
    account.channel = in.optional_one_of<Channel>("channel", {{"bank", Channel::bank}, {"provider", Channel::provider}})
                          .value_or(Channel::bank);
    account.name = in.optional_text("name", {1, 140}).value_or(std::string(provider_name_default));
    account.fee_basis_points = in.optional_whole("fee_basis_points", {0, 10'000}).value_or(0);
    account.fee_fixed = in.optional_dong("fee_fixed", {0, 1'000'000}).value_or(Dong());
    CHO_CO_TRY_DO(body.finish());
    bank.put(account);
    co_return Response::json({{"id", account.id}});
}

Answering put_receiving_account(Bank& bank, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    ReceivingAccount account;
    account.bank_bin = in.text("bank_bin", {6, 6});
    account.account_number = in.text("account_number", {1, 19});
    account.holder_name = in.text("holder_name", {1, 140});
    account.rail_accounts = in.texts("rail_accounts", {0, 20}, {1, 64});
    account.opening = in.optional_dong("opening_balance", {0, 9'999'999'999'999}).value_or(Dong());
    CHO_CO_TRY_DO(body.finish());
    nlohmann::json const answer{{"bank_bin", account.bank_bin}, {"account_number", account.account_number}};
    CHO_CO_TRY_DO(bank.put(std::move(account)));
    co_return Response::json(answer);
}

Answering set_clock(Bank& bank, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto const now = body.root().instant("now");
    CHO_CO_TRY_DO(body.finish());
    bank.set_clock(now);
    co_return Response::json({{"now", http::instant_json(bank.now())}});
}

Answering set_breaks(DayFiles& files, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    auto const day = in.day("date");
    auto const count = [&in](std::string_view name) { return static_cast<int>(in.optional_whole(name, {0, 1000}).value_or(0)); };
    Breaks breaks;
    breaks.missing = count("missing_at_provider");
    breaks.extra = count("extra");
    breaks.amount_off = count("amount_off");
    breaks.reversed = count("reversed");
    CHO_CO_TRY_DO(body.finish());
    files.put(day, breaks);
    co_return Response::json({{"date", http::day_json(day)}});
}

}  // namespace

void add_setup_routes(http::Router& router, Bank& bank, DayFiles& files, Books& books)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    router.add(post, "/setup/rail-accounts", "setup.rail_account",
               remembered(books, "/setup/rail-accounts",
                          with_faults([&bank](Request request) { return put_rail_account(bank, std::move(request)); })),
               about_route);
    router.add(post, "/setup/receiving-accounts", "setup.receiving_account",
               remembered(books, "/setup/receiving-accounts",
                          with_faults([&bank](Request request) { return put_receiving_account(bank, std::move(request)); })),
               about_route);
    router.add(post, "/setup/clock", "setup.clock", with_faults([&bank](Request request) { return set_clock(bank, std::move(request)); }),
               about_route);
    router.add(post, "/setup/breaks", "setup.breaks",
               remembered(books, "/setup/breaks", with_faults([&files](Request request) { return set_breaks(files, std::move(request)); })),
               about_route);
}

}  // namespace cho40::sandbox
