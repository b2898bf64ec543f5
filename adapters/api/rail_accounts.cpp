#include "adapters/api/rail_accounts.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/rail_owner.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/rails/transfer_list.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using merchants::Channel;
using merchants::Market;
using merchants::RailAccount;
using nlohmann::json;

// Nobody needs longer to change a key on a provider's page; a secret that counts for ever is one that nobody looks after.
constexpr std::chrono::days previous_secret_max{90};

std::string names_of_rails()
{
    std::string names;
    for (auto const* rail : rails::all_rails()) names += (names.empty() ? "" : ", ") + std::string(rail->name());
    return names;
}

// Where the provider calls: below it lie the rail's doors.
std::string address_of(RailAccount const& account) { return "/rails/" + account.rail + "/" + http::to_text(account.id); }

json instant_or_null(std::optional<Instant> at) { return at ? http::instant_json(*at) : json(); }

json view_of(Context const& context, RailAccount const& account, std::string const& place)
{
    json view = {{"id", http::to_text(account.id)},
                 {"place", place},
                 {"rail", account.rail},
                 {"name", account.name},
                 {"channel", account.channel == Channel::bank ? "bank" : "provider"},
                 {"address", address_of(account)},
                 {"secret_since", http::instant_json(account.secret_since)},
                 {"previous_secret_until", account.previous_secret ? http::instant_json(account.previous_secret->until) : json()},
                 {"list", account.list ? json{{"url", account.list->url}} : json()},
                 {"heard_at", instant_or_null(context.heartbeats.heard_at(account.id))},
                 {"money_known_as_of", instant_or_null(context.heartbeats.known_as_of(account.id))}};
    stamp(view, "rail_account", account.version, account.created_at, account.changed_at);
    return view;
}

rails::Rail const* read_rail(http::ObjectReader& in)
{
    auto const name = in.text("rail", {1, 32});
    auto const* rail = rails::find_rail(name);
    if (!rail && !name.empty()) {
        auto const names = names_of_rails();
        in.refuse("rail", Errc::unknown_value, "must be one of " + names, "Phải là một trong: " + names + ".");
    }
    return rail;
}

Secret read_secret(http::ObjectReader& in, rails::Rail const* rail)
{
    Secret secret(in.text("secret", {8, 256}));
    if (rail && !secret.expose().empty() && !rail->is_secret(secret.expose())) {
        auto const& facts = rail->facts();
        in.refuse("secret", Errc::invalid_format, "of " + std::string(facts.title) + ": " + std::string(facts.secret_form),
                  "Với " + std::string(facts.title) + ", ghi: " + std::string(facts.secret_form_vi) + ".");
    }
    return secret;
}

// An address without a path. Where a key travels it travels sealed, but for what does not leave this machine.
bool is_provider_address(std::string_view url)
{
    bool const is_sealed = url.starts_with("https://");
    for (auto const* const here : {"http://127.0.0.1", "http://localhost", "http://[::1]"}) {
        std::string_view const prefix = here;
        if (url.starts_with(prefix) && (url.size() == prefix.size() || url[prefix.size()] == ':'))
            return url.find('/', prefix.size()) == url.npos;
    }
    auto const host = url.substr(is_sealed ? std::string_view("https://").size() : url.size());
    return is_sealed && !host.empty() && host.find_first_of("/?#@ \\") == host.npos;
}

RailAccount::ListAccess read_list_access(http::ObjectReader& in, rails::Rail const* rail, RailDirectory const& directory, Random& random)
{
    auto const* const list = rail ? rail->list() : nullptr;
    auto url = in.optional_text("url", {8, 200}).value_or(list ? std::string(list->address()) : std::string());
    Secret const key(in.text("key", {8, 512}));
    if (rail && !list)
        in.refuse("key", Errc::unknown_value, "this provider has no list to read", "Nhà cung cấp này không có danh sách giao dịch.");
    if (!url.empty() && !is_provider_address(url))
        in.refuse("url", Errc::invalid_format, "https://host, without a path", "Ghi https://máy-chủ, không có đường dẫn phía sau.");
    return {std::move(url), directory.seal_list_key(key, random)};
}

void check_until(http::ObjectReader& in, std::string_view name, std::optional<Instant> until, Instant now)
{
    if (until && *until > now + previous_secret_max)
        in.refuse(name, Errc::too_large, "at most 90 days ahead", "Nhiều nhất 90 ngày kể từ bây giờ.");
}

Answering create(Context& context, RailDirectory& directory, FindPlace find_agency_book, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const place = in.text("place", {5, 64});
    RailAccount facts;
    auto const* const rail = read_rail(in);
    facts.name = in.text("name", {1, 120});
    facts.channel = in.one_of<Channel>("channel", {{"bank", Channel::bank}, {"provider", Channel::provider}});
    auto const secret = read_secret(in, rail);
    if (auto access = in.optional_object("list")) facts.list = read_list_access(*access, rail, directory, context.random);
    CHO_CO_TRY_DO(body.finish());
    facts.rail = rail->name();
    if (place.starts_with("mkt_")) {
        CHO_CO_TRY(auto id, http::parse_id<Market>(place));
        CHO_CO_TRY(auto market, co_await context.merchants.market(id));
        if (!market) co_return fail(Errc::not_found, "no such market");
        CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::market_of(market->id.uuid)));
        facts.book = market->book;
    } else {
        auto agency = place;
        CHO_CO_TRY(facts.book, co_await find_agency_book(std::move(agency)));
    }
    facts.sealed_secret = directory.seal(secret, context.random);
    identity::UseCase<RailAccount> work = [&context, facts](auto extra) {
        return context.registration.rail_account(facts, std::move(extra));
    };
    identity::AnswerOf<RailAccount> answer = [&context, place](RailAccount const& made) {
        return identity::Answer(201, http::dump_json(view_of(context, made, place)), identity::AuditTarget{"rla", made.id.uuid});
    };
    auto response = co_await context.idempotency.run(std::move(request), std::move(principal), facts.book, std::move(work),
                                                     std::move(answer));
    if (response) CHO_CO_TRY_DO(co_await directory.load());
    co_return response;
}

struct Known {
    RailAccount account;
    std::string place;
    rails::RailSecret secret;  // the current one, opened
};

Answering list(Context& context, RailDirectory& directory, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY_DO(co_await directory.load());
    json data = json::array();
    for (auto const& entry : directory.all()) {
        RailOwner const owner(entry->account);
        if (identity::may_act_for(principal, owner.place)) data.push_back(view_of(context, entry->account, owner.id));
    }
    co_return list_response(request, std::move(data), std::nullopt, context.clock.now(), std::nullopt);
}

// As it stands in the database now: another instance may have changed it.
boost::asio::awaitable<Result<Known>> find_for(identity::Principal principal, RailDirectory& directory, std::string text)
{
    CHO_CO_TRY(auto id, http::parse_id<qr_pay::RailAccountTag>(text));
    CHO_CO_TRY_DO(co_await directory.load());
    CHO_CO_TRY(auto entry, co_await directory.find({}, id));
    RailOwner const owner(entry->account);
    CHO_CO_TRY_DO(identity::may_act_for(principal, owner.place));
    co_return Known{entry->account, owner.id, entry->secrets.front()};
}

// The directory hears of it before the caller does, so that the next notification is judged by what the answer says.
Answering change(Context& context, RailDirectory& directory, Request request, identity::Principal principal, Known known,
                 identity::UseCase<RailAccount> work)
{
    identity::AnswerOf<RailAccount> answer = [&context, place = known.place](RailAccount const& made) {
        identity::Answer out(200, http::dump_json(view_of(context, made, place)), identity::AuditTarget{"rla", made.id.uuid});
        out.etag = http::etag(made.version);
        return out;
    };
    auto response = co_await context.idempotency.run(std::move(request), std::move(principal), known.account.book, std::move(work),
                                                     std::move(answer));
    if (response) CHO_CO_TRY_DO(co_await directory.load());
    co_return response;
}

Answering renew_secret(Context& context, RailDirectory& directory, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto known, co_await find_for(principal, directory, request.path_value("account")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const secret = read_secret(in, rails::find_rail(known.account.rail));
    auto const until = in.instant("previous_until");
    check_until(in, "previous_until", until, context.clock.now());
    CHO_CO_TRY_DO(body.finish());
    bool const is_current = secret.expose() == known.secret.key.expose();
    identity::UseCase<RailAccount> work = [&context, account = known.account, sealed = directory.seal(secret, context.random), until,
                                           is_current](auto extra) {
        if (is_current) return context.registration.keep_secret(account, until, std::move(extra));
        return context.registration.renew_secret(account, sealed, until, std::move(extra));
    };
    co_return co_await change(context, directory, std::move(request), std::move(principal), std::move(known), std::move(work));
}

Answering end_previous_secret(Context& context, RailDirectory& directory, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto known, co_await find_for(principal, directory, request.path_value("account")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const now = context.clock.now();
    auto const until = in.optional_instant("until");
    check_until(in, "until", until, now);
    CHO_CO_TRY_DO(body.finish());
    identity::UseCase<RailAccount> work = [&context, account = known.account, until = until.value_or(now)](auto extra) {
        return context.registration.limit_previous_secret(account, until, std::move(extra));
    };
    co_return co_await change(context, directory, std::move(request), std::move(principal), std::move(known), std::move(work));
}

Answering set_list_access(Context& context, RailDirectory& directory, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto known, co_await find_for(principal, directory, request.path_value("account")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto access = read_list_access(in, rails::find_rail(known.account.rail), directory, context.random);
    CHO_CO_TRY_DO(body.finish());
    identity::UseCase<RailAccount> work = [&context, account = known.account, access](auto extra) {
        return context.registration.set_list_access(account, access, std::move(extra));
    };
    co_return co_await change(context, directory, std::move(request), std::move(principal), std::move(known), std::move(work));
}

}  // namespace

void add_rail_account_routes(http::Router& router, Context& context, RailDirectory& directory, FindPlace find_agency_book)
{
    using enum http::Method;
    router.add(get, "/v1/rail-accounts", "rail_accounts.list",
               [&context, &directory](Request request) { return list(context, directory, std::move(request)); });
    router.add(post, "/v1/rail-accounts", "rail_accounts.create",
               [&context, &directory, find_agency_book = std::move(find_agency_book)](Request request) {
                   return create(context, directory, find_agency_book, std::move(request));
               });
    router.add(post, "/v1/rail-accounts/{account}/secret", "rail_accounts.renew_secret",
               [&context, &directory](Request request) { return renew_secret(context, directory, std::move(request)); });
    router.add(post, "/v1/rail-accounts/{account}/previous-secret", "rail_accounts.end_previous_secret",
               [&context, &directory](Request request) { return end_previous_secret(context, directory, std::move(request)); });
    router.add(post, "/v1/rail-accounts/{account}/list-access", "rail_accounts.list_access",
               [&context, &directory](Request request) { return set_list_access(context, directory, std::move(request)); });
}

}  // namespace cho40::api
