#include "adapters/api/ids.h"
#include "adapters/api/national_pay.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/national_pay/messages.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;
using stores::NationalPlatform;

// As for the secrets of rails: long enough to change a key on the other side's page.
constexpr std::chrono::days previous_secret_max{90};

json view_of(NationalPlatform const& platform)
{
    json view = {{"id", http::to_text(platform.rail_account)},
                 {"agency", http::to_text(platform.agency)},
                 {"profile", "dvcqg-1.0.6"},
                 {"partner", platform.partner},
                 {"url", platform.url},
                 {"ip", platform.ip},
                 {"enabled", platform.enabled},
                 {"address", "/rails/dvcqg/" + http::to_text(platform.rail_account)},
                 {"previous_secret_until", platform.previous ? http::instant_json(platform.previous->until) : json()}};
    stamp(view, "national_platform", platform.version, platform.created_at, platform.changed_at);
    return view;
}

boost::asio::awaitable<Result<fees::RegisteredAgency>> agency_in_path(NationalContext& context, std::string text)
{
    CHO_CO_TRY(auto const id, http::parse_id<fees::Agency>(text));
    CHO_CO_TRY(auto agency, co_await context.fees.store.find_agency(id));
    if (!agency) co_return fail(Errc::not_found, "no such agency");
    co_return *std::move(agency);
}

struct Wish {
    std::string partner, url, ip;
    Secret secret{""}, token{""};
    bool enabled = true;
    std::optional<Instant> previous_until;
};

Result<Wish> read_wish(Request const& request, Instant now)
{
    CHO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    Wish wish;
    wish.partner = in.text("partner", {1, 64});
    wish.url = in.text("url", {8, 300});
    wish.ip = in.text("ip", {3, 45});
    wish.secret = Secret(in.text("secret", {8, 256}));
    wish.token = Secret(in.text("access_token", {1, 4000}));
    wish.enabled = in.optional_truth("enabled").value_or(true);
    wish.previous_until = in.optional_instant("previous_secret_until");
    if (!wish.url.empty() && !national_pay::is_safe_address(wish.url))
        in.refuse("url", Errc::invalid_format, "an https address", "Ghi địa chỉ https.");
    bool const is_address = wish.ip.find_first_not_of("0123456789abcdefABCDEF.:") == std::string::npos;
    if (!wish.ip.empty() && !is_address) in.refuse("ip", Errc::invalid_format, "an IP address", "Ghi một địa chỉ IP.");
    // A '|' joins the fields that are signed.
    if (wish.partner.find('|') != std::string::npos) in.refuse("partner", Errc::invalid_format, "without '|'", "Không có dấu '|'.");
    bool const is_printable = wish.token.expose().find_first_of("\r\n") == std::string::npos;
    if (!is_printable) in.refuse("access_token", Errc::invalid_format, "one line", "Một dòng.");
    if (wish.previous_until && *wish.previous_until > now + previous_secret_max)
        in.refuse("previous_secret_until", Errc::too_large, "at most 90 days ahead", "Nhiều nhất 90 ngày kể từ bây giờ.");
    CHO_TRY_DO(body.finish());
    return wish;
}

// Registers, or changes all of what stands. The secret of before counts until `previous_secret_until`, for what the platform sends.
Answering set(NationalContext& context, Request request)
{
    auto& fees = context.fees;
    CHO_CO_TRY(auto principal, co_await fees.gate.admit(request));
    CHO_CO_TRY(auto const agency, co_await agency_in_path(context, request.path_value("agency")));
    auto const now = fees.clock.now();
    CHO_CO_TRY(auto const wish, read_wish(request, now));
    CHO_CO_TRY(auto const known, co_await context.desk.store.platform(agency.book, agency.id));

    NationalPlatform made;
    made.book = agency.book;
    made.agency = agency.id;
    made.rail_account = known ? known->rail_account : make_id<qr_pay::RailAccountTag>(now, fees.random);
    made.partner = wish.partner;
    made.url = wish.url;
    made.ip = wish.ip;
    made.enabled = wish.enabled;
    made.sealed_secret = context.directory.seal_secret(wish.secret, fees.random);
    made.sealed_token = context.directory.seal_token(wish.token, fees.random);
    if (known && wish.previous_until && *wish.previous_until > now)
        made.previous = NationalPlatform::PreviousSecret{known->sealed_secret, *wish.previous_until};
    made.created_at = known ? known->created_at : now;
    made.changed_at = now;
    made.version = known ? known->version + 1 : 1;

    identity::Idempotency::Work work = [&context, made](identity::Ticket ticket) -> Answering {
        ledger::Command command(made.book);
        command.guards.push_back(ticket.guard());
        command.guards.push_back({make_derived_uuid({"national_platform", made.agency.uuid.to_string()}), made.version - 1, made.version});
        command.rows.push_back(std::make_shared<stores::StoredNationalPlatform>(made));
        identity::Answer answer(200, http::dump_json(view_of(made)), identity::AuditTarget{"rla", made.rail_account.uuid});
        answer.etag = http::etag(made.version);
        auto rows = ticket.rows(std::move(answer));
        command.rows.insert(command.rows.end(), rows.begin(), rows.end());
        CHO_CO_TRY_DO(co_await context.ledger.submit(std::move(command)));
        co_return ticket.response();
    };
    co_return co_await fees.idempotency.run(std::move(request), std::move(principal), agency.book, std::move(work));
}

Answering read(NationalContext& context, Request request)
{
    CHO_CO_TRY_DO(co_await context.fees.gate.admit(request));
    CHO_CO_TRY(auto const agency, co_await agency_in_path(context, request.path_value("agency")));
    CHO_CO_TRY(auto const known, co_await context.desk.store.platform(agency.book, agency.id));
    if (!known) co_return fail(Errc::not_found, "the agency takes no money over the platform");
    co_return Response::json(view_of(*known)).header("ETag", http::etag(known->version));
}

}  // namespace

void add_national_platform_routes(http::Router& router, NationalContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/agencies/{agency}/national-platform", "national_platforms.set", with(set));
    router.add(get, "/v1/agencies/{agency}/national-platform", "national_platforms.read", with(read));
}

}  // namespace cho40::api
