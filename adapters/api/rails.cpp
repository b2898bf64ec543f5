#include "adapters/api/rails.h"
#include "adapters/api/ids.h"
#include "adapters/rails/vietqr.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;

// Headers worth keeping beside the raw body. Credentials are not among them.
constexpr std::string_view kept_headers[] = {"Content-Type", "User-Agent", "X-Request-Id", "X-SePay-Timestamp", "Date"};

rails::RawNotification raw_of(Request const& request)
{
    rails::RawNotification raw;
    for (auto const& header : request.headers) raw.headers.emplace_back(header.name, header.value);
    raw.body = request.body;
    raw.received_at = request.received_at;
    return raw;
}

std::string kept_headers_of(Request const& request)
{
    auto object = nlohmann::json::object();
    for (auto const name : kept_headers) {
        if (auto const value = request.header(name); !value.empty()) object[std::string(name)] = value;
    }
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Response to_response(rails::Reply reply) { return Response::json_text(std::move(reply.body), reply.status); }

void count(RailContext& context, std::string_view rail, std::string_view outcome)
{
    context.metrics
        .counter("cho40_rail_notifications_total", "Notifications by rail and how they ended.",
                 {{"rail", std::string(rail)}, {"outcome", std::string(outcome)}})
        .add();
}

Answering notify(RailContext& context, Request request, std::string rail_name)
{
    CHO_CO_TRY(auto id, http::parse_id<qr_pay::RailAccountTag>(request.path_value("account")));
    CHO_CO_TRY(auto entry, co_await context.directory.find(rail_name, id));
    auto const raw = raw_of(request);
    auto message = entry->rail->read(raw, entry->secret);
    auto const refuse = [&](Error const& error) {
        count(context, rail_name, errc_name(error.code));
        context.log.write(observability::Level::warning, "rail.refused", request.request_id,
                          {{"rail", rail_name}, {"account", http::to_text(id)}, {"code", errc_name(error.code)}, {"at", error.pointer}});
        return to_response(entry->rail->refused(error));
    };
    if (!message) co_return refuse(message.error());
    if (message->is_probe) {
        count(context, rail_name, "probe");
        co_return to_response(entry->rail->accepted(""));
    }
    std::vector<qr_pay::Notification> notifications;
    for (auto& transfer : message->transfers) {
        auto const inbox_id = make_id<qr_pay::InboxTag>(request.received_at, context.random);
        auto& notification = notifications.emplace_back(entry->account.book, inbox_id, entry->account.id, std::move(transfer));
        notification.headers = kept_headers_of(request);
        if (notifications.size() == 1) notification.body = request.body;
        notification.received_at = request.received_at;
    }
    auto const taken = co_await context.intake.take(std::move(notifications));
    if (!taken) co_return refuse(taken.error());
    std::string reference;
    for (auto const& received : *taken) {
        count(context, rail_name, received ? qr_pay::name_of(received->outcome) : "not_matched_yet");
        if (received) reference = http::to_text(received->credit);
    }
    co_return to_response(entry->rail->accepted(reference));
}

Answering vietqr_token(RailContext& context, Request request)
{
    CHO_CO_TRY(auto id, http::parse_id<qr_pay::RailAccountTag>(request.path_value("account")));
    CHO_CO_TRY(auto entry, co_await context.directory.find("vietqr", id));
    auto reply = rails::vietqr::token_reply(raw_of(request), entry->secret);
    if (reply.status != 200) count(context, "vietqr", "bad_credentials");
    co_return to_response(std::move(reply));
}

}  // namespace

void add_rail_routes(http::Router& router, RailContext& context)
{
    using enum http::Method;
    router.add(post, "/rails/payos/{account}", "rails.payos",
               [&context](Request request) { return notify(context, std::move(request), "payos"); });
    router.add(post, "/rails/vietqr/{account}/api/token_generate", "rails.vietqr_token",
               [&context](Request request) { return vietqr_token(context, std::move(request)); });
    router.add(post, "/rails/vietqr/{account}/bank/api/transaction-sync", "rails.vietqr_sync",
               [&context](Request request) { return notify(context, std::move(request), "vietqr"); });
}

}  // namespace cho40::api
