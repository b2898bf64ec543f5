#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/rails/rail.h"
#include "apps/sandbox/faults.h"
#include "apps/sandbox/rail_messages.h"
#include "apps/sandbox/routes.h"
#include "base/digest.h"
#include <nlohmann/json.hpp>
#include <numeric>

namespace cho40::sandbox {
namespace {

using http::JsonBody;
using http::Request;
using http::Response;
using Answering = boost::asio::awaitable<Result<Response>>;

// For the provider's list call, where the setup gives none: known to whoever knows the secret.
std::string derived_api_key(std::string const& secret) { return to_hex(sha256("api-key/" + secret)).substr(0, 32); }

std::string names_of_rails()
{
    std::string names;
    for (auto const* rail : rails::all_rails()) names += (names.empty() ? "" : ", ") + std::string(rail->name());
    return names;
}

nlohmann::json delivery_json(Delivery const& delivery)
{
    return {{"rail_account", delivery.rail_account}, {"status", delivery.status}, {"body", delivery.body}, {"content", delivery.content}};
}

Answering put_rail_account(Bank& bank, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    RailAccount account;
    account.id = in.text("id", {1, 64});
    account.rail = in.text("rail", {1, 40});
    account.address = in.text("address", {1, 500});
    account.secret = in.text("secret", {1, 500});
    account.api_key = in.optional_text("api_key", {1, 200}).value_or(derived_api_key(account.secret));
    auto const* rail = rails::find_rail(account.rail);
    if (rail == nullptr) in.refuse("rail", Errc::unknown_value, "is one of " + names_of_rails());
    else if (!rail->is_secret(account.secret))
        in.refuse("secret", Errc::invalid_format, "must be " + std::string(rail->facts().secret_form));
    if (auto access = in.optional_object("refund_access")) {
        account.refund_access = RefundAccess{access->text("user", {1, 100}), access->text("password", {1, 200}),
                                             access->text("key", {1, 200})};
        if (account.rail != "vietqr") in.refuse("refund_access", Errc::invalid_input, "only vietqr.vn has a refund call");
    }
    account.channel = in.optional_one_of<Channel>("channel", {{"bank", Channel::bank}, {"provider", Channel::provider}})
                          .value_or(Channel::bank);
    account.name = in.optional_text("name", {1, 140}).value_or(std::string(provider_name_default));
    account.fee_basis_points = in.optional_whole("fee_basis_points", {0, 10'000}).value_or(0);
    account.fee_fixed = in.optional_dong("fee_fixed", {0, 1'000'000}).value_or(Dong());
    CHO_CO_TRY_DO(body.finish());
    nlohmann::json const answer{{"id", account.id}};
    bank.put(std::move(account));
    co_return Response::json(answer);
}

Answering probe(Bank const& bank, Notifier& notifier, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto const id = body.root().text("rail_account", {1, 64});
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto account, bank.rail_account(id));
    CHO_CO_TRY(auto const delivery, co_await notifier.probe(std::move(account)));
    co_return Response::json(delivery_json(delivery));
}

Answering put_rail_faults(Bank const& bank, RailFaults& rail_faults, Request request)
{
    CHO_CO_TRY(auto body, JsonBody::parse(request.body));
    auto in = body.root();
    auto const id = in.text("rail_account", {1, 64});
    std::vector<FaultShare> shares;
    in.each("shares", {0, 20}, [&shares](http::ObjectReader share) {
        auto const percent = static_cast<int>(share.whole("percent", {0, 100}));
        shares.push_back({percent, read_telling_faults(share)});
    });
    auto const all = std::accumulate(shares.begin(), shares.end(), 0, [](int sum, FaultShare const& share) { return sum + share.percent; });
    if (all > 100) in.refuse("shares", Errc::too_large, "are at most a hundred together");
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY_DO(bank.rail_account(id));
    rail_faults.put(id, std::move(shares));
    co_return Response::json({{"rail_account", id}});
}

// Error: invalid_input, for a number that the notifications of one of the rails cannot carry.
Result<Done> check_names(Bank const& bank, ReceivingAccount const& account)
{
    for (auto const& id : account.rail_accounts) {
        auto const rail = bank.rail_account(id);
        auto const& name = account.provider_account.empty() ? account.account_number : account.provider_account;
        if (rail && !can_name(rail->rail, name))
            return fail(Errc::invalid_input, "a merchant account of " + rail->rail + " is a whole number", "/account_number");
    }
    return Done{};
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
    account.provider_account = in.optional_text("provider_account", {1, 64}).value_or("");
    if (in.has("virtual_accounts")) account.virtual_accounts = in.texts("virtual_accounts", {0, 1000}, {1, 19});
    account.opening = in.optional_dong("opening_balance", {0, 9'999'999'999'999}).value_or(Dong());
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY_DO(check_names(bank, account));
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

void add_setup_routes(http::Router& router, Bank& bank, Notifier& notifier, RailFaults& rail_faults, DayFiles& files, Books& books)
{
    using enum http::Method;
    http::RouteOptions about_route;
    about_route.documented = false;
    router.add(
        post, "/setup/rail-accounts", "setup.rail_account",
        remembered(books, "/setup/rail-accounts", with_faults([&](Request request) { return put_rail_account(bank, std::move(request)); })),
        about_route);
    router.add(post, "/setup/rail-faults", "setup.rail_faults",
               remembered(books, "/setup/rail-faults",
                          with_faults([&](Request request) { return put_rail_faults(bank, rail_faults, std::move(request)); })),
               about_route);
    router.add(post, "/setup/probe", "setup.probe", with_faults([&](Request request) { return probe(bank, notifier, std::move(request)); }),
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
