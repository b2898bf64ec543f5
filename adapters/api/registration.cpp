#include "adapters/api/registration.h"
#include "adapters/api/ids.h"
#include "adapters/api/payment_json.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "etax/tax_code.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using merchants::Household;
using merchants::Market;
using merchants::StallWithAccount;
using nlohmann::json;

boost::asio::awaitable<Result<Market>> find_market(Context& context, Id<Market> id)
{
    CHO_CO_TRY(auto market, co_await context.merchants.market(id));
    if (!market) co_return fail(Errc::not_found, "no such market");
    co_return *std::move(market);
}

Answering create_market(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    Market facts;
    facts.name = in.text("name", {1, 120});
    facts.address = in.optional_text("address", {1, 240}).value_or("");
    facts.ward_name = in.optional_text("ward", {1, 120}).value_or("");
    facts.ward_code = in.optional_text("ward_code", {5, 5}).value_or("");
    CHO_CO_TRY_DO(body.finish());
    facts.book = merchants::draw_book(context.random);
    auto const now = context.clock.now();
    identity::UseCase<Market> work = [&context, facts](auto extra) { return context.registration.market(facts, std::move(extra)); };
    identity::AnswerOf<Market> answer = [now](Market const& made) {
        json view = {{"id", http::to_text(made.id)},
                     {"name", made.name},
                     {"address", http::text_or_null(made.address)},
                     {"ward", http::text_or_null(made.ward_name)}};
        stamp(view, "market", 1, now, now);
        return identity::Answer(201, http::dump_json(view), identity::AuditTarget{"mkt", made.id.uuid});
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), facts.book, std::move(work), std::move(answer));
}

Answering create_household(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const market_id = in.id<Market>("market");
    Household facts;
    facts.name = in.text("name", {1, 120});
    facts.owner_name = in.text("owner_name", {1, 120});
    auto const code = in.text("tax_code", {10, 14});
    facts.old_tax_code = in.optional_text("old_tax_code", {10, 14}).value_or("");
    facts.address = in.optional_text("address", {1, 240}).value_or("");
    facts.expects_above = in.optional_truth("expects_above").value_or(false);
    auto const checked = etax::check_tax_code(code);
    if (!checked.valid) in.refuse("tax_code", Errc::tax_code_invalid, etax::explain(checked), "Mã số thuế không đúng.");
    CHO_CO_TRY_DO(body.finish());
    facts.tax_code = checked.canonical;
    CHO_CO_TRY(auto market, co_await find_market(context, market_id));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::market_of(market.id.uuid)));
    facts.book = market.book;
    facts.ward_code = market.ward_code;
    facts.ward_name = market.ward_name;
    if (facts.address.empty()) facts.address = market.name;
    auto const now = context.clock.now();
    identity::UseCase<Household> work = [&context, facts](auto extra) { return context.registration.household(facts, std::move(extra)); };
    identity::AnswerOf<Household> answer = [now](Household const& made) {
        json view = {{"id", http::to_text(made.id)},
                     {"name", made.name},
                     {"owner_name", made.owner_name},
                     {"tax_code", made.tax_code},
                     {"ward", http::text_or_null(made.ward_name)}};
        stamp(view, "household", 1, now, now);
        return identity::Answer(201, http::dump_json(view), identity::AuditTarget{"hh", made.id.uuid});
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), facts.book, std::move(work), std::move(answer));
}

Answering create_stall(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const market_id = in.id<Market>("market");
    merchants::Stall facts;
    facts.household = in.id<Household>("household");
    facts.name = in.text("name", {1, 120});
    facts.number = in.text("number", {1, 16});
    facts.activity_group =
        in.optional_one_of<std::string>("activity", {{"a", "a"}, {"b", "b"}, {"c", "c"}, {"d", "d"}, {"đ", "đ"}, {"e", "e"}}).value_or("e");
    facts.vat_reduced = in.optional_truth("vat_reduced").value_or(false);
    auto account_in = in.object("receiving_account");
    merchants::NewAccountFacts account;
    account.bank_bin = account_in.text("bank_bin", {6, 6});
    account.account_number = account_in.text("account_number", {4, 19});
    account.holder_name = account_in.text("account_name", {1, 50});
    using merchants::Channel;
    account.channel = account_in.optional_one_of<Channel>("channel", {{"bank", Channel::bank}, {"provider", Channel::provider}})
                          .value_or(Channel::bank);
    account.provider_account = account_in.optional_text("provider_account", {1, 64}).value_or("");
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto market, co_await find_market(context, market_id));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::market_of(market.id.uuid)));
    CHO_CO_TRY(auto household, co_await context.merchants.household(facts.household));
    if (!household) co_return fail(Errc::not_found, "no such household", "/household");
    facts.book = market.book;
    facts.market = market.id;
    identity::UseCase<StallWithAccount> work = [&context, facts, account](auto extra) {
        return context.registration.stall(facts, account, std::move(extra));
    };
    identity::AnswerOf<StallWithAccount> answer = [market_name = market.name,
                                                   household_name = household->name](StallWithAccount const& made) {
        auto shown = made;
        shown.market_name = market_name;
        shown.household_name = household_name;
        return identity::Answer(201, http::dump_json(stall_json(shown)), identity::AuditTarget{"stl", made.stall.id.uuid});
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), facts.book, std::move(work), std::move(answer));
}

}  // namespace

void add_registration_routes(http::Router& router, Context& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/markets", "markets.create", with(create_market));
    router.add(post, "/v1/households", "households.create", with(create_household));
    router.add(post, "/v1/stalls", "stalls.create", with(create_stall));
}

}  // namespace cho40::api
