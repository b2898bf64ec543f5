#include "adapters/api/rails.h"
#include "adapters/api/ids.h"
#include "adapters/api/rail_document.h"
#include "adapters/http/percent.h"
#include "adapters/rails/members.h"
#include "adapters/rails/verify.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;

// Headers worth keeping beside the raw body, with those of the rail's proof. Credentials are not among them.
constexpr std::string_view kept_headers[] = {"Content-Type", "User-Agent", "X-Request-Id", "Date"};

rails::RawNotification raw_of(Request const& request)
{
    rails::RawNotification raw;
    for (auto const& header : request.headers) raw.headers.emplace_back(header.name, header.value);
    if (auto target = http::split_target(request.target)) raw.query = std::move(target->query);
    raw.body = request.body;
    raw.received_at = request.received_at;
    return raw;
}

std::string kept_headers_of(Request const& request, rails::RailFacts const& facts)
{
    auto object = nlohmann::json::object();
    auto const keep = [&](std::string_view name) {
        if (auto const value = request.header(name); !value.empty()) object[std::string(name)] = value;
    };
    for (auto const name : kept_headers) keep(name);
    for (auto const name : facts.proof_headers) keep(name);
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Response to_response(rails::Reply reply)
{
    return reply.body.empty() ? Response(reply.status) : Response::json_text(std::move(reply.body), reply.status);
}

void count(RailContext& context, std::string_view rail, std::string_view outcome)
{
    context.metrics
        .counter("cho40_rail_notifications_total", "Notifications by rail and how they ended.",
                 {{"rail", std::string(rail)}, {"outcome", std::string(outcome)}})
        .add();
}

// Tells when nobody uses the secret of before any more.
void count_secret(RailContext& context, RailDirectory::Entry const& entry, std::size_t secret)
{
    context.metrics
        .counter(
            "cho40_rail_secret_used_total", "Authentic calls of providers by which of an account's two secrets proved them.",
            {{"rail", entry.account.rail}, {"account", http::to_text(entry.account.id)}, {"secret", secret == 0 ? "current" : "previous"}})
        .add();
}

// One call of a provider at one of its doors.
struct Call {
    Call(Request r, rails::Rail const& l, std::shared_ptr<RailDirectory::Entry const> e)
        : request(std::move(r)), raw(raw_of(request)), rail(l), entry(std::move(e))
    {
    }
    Request request;
    rails::RawNotification raw;
    rails::Rail const& rail;
    std::shared_ptr<RailDirectory::Entry const> entry;
};

// `outcome` is what it is counted as.
Response refuse(RailContext& context, Call const& call, Error const& error, std::string_view outcome)
{
    count(context, call.rail.name(), outcome);
    context.log.write(observability::Level::warning, "rail.refused", call.request.request_id,
                      {{"rail", call.rail.name()},
                       {"account", http::to_text(call.entry->account.id)},
                       {"code", errc_name(error.code)},
                       {"at", error.pointer}});
    return to_response(call.rail.refused(error));
}
Response refuse(RailContext& context, Call const& call, Error const& error) { return refuse(context, call, error, errc_name(error.code)); }

void note_heard(RailContext& context, Call const& call)
{
    auto const& account = call.entry->account;
    context.heartbeats.heard(account.book, account.id, account.rail, call.raw.received_at);
}

rails::Outcome outcome_of(qr_pay::CreditReason reason)
{
    using enum qr_pay::CreditReason;
    switch (reason) {
    case exact:
    case topped_up:
    case late: return rails::Outcome::recorded;
    case short_paid:
    case over:
    case late_short:
    case late_over: return rails::Outcome::amount_differs;
    case duplicate: return rails::Outcome::order_settled;
    case nameless:
    case ambiguous:
    case suggested: return rails::Outcome::order_unknown;
    }
    return rails::Outcome::recorded;
}

// What matching found, in the words a provider may ask for.
rails::Taken taken_of(qr_pay::Received const& received)
{
    using enum qr_pay::InboxOutcome;
    auto const reference = received.credit.is_nil() ? std::string() : http::to_text(received.credit);
    switch (received.outcome) {
    case booked: return {outcome_of(received.reason), reference};
    case repeated:
    case linked: return {rails::Outcome::repeated, reference};
    case unknown_account: return {rails::Outcome::order_unknown, reference};
    case money_out:
    case series_exhausted:
    case refund_paid:
    case refund_differs:
    case refund_returned:
    case differs: break;
    }
    return {rails::Outcome::recorded, reference};
}

Answering notify(RailContext& context, Call call)
{
    auto verified = rails::verify(call.rail, call.raw, call.entry->secrets_at(call.raw.received_at));
    if (!verified) co_return refuse(context, call, verified.error());
    count_secret(context, *call.entry, verified->secret);
    if (auto const judged = rails::check_clock(verified->message, call.raw.received_at); !judged)
        co_return refuse(context, call, judged.error(), "clock_window");
    auto& message = verified->message;
    if (message.is_probe || message.transfers.empty()) {
        note_heard(context, call);
        count(context, call.rail.name(), message.is_probe ? "probe" : "no_money");
        co_return to_response(call.rail.accepted(rails::Taken()));
    }
    auto const headers = kept_headers_of(call.request, call.rail.facts());
    std::vector<qr_pay::Notification> notifications;
    for (auto& transfer : message.transfers) {
        auto const inbox_id = make_id<qr_pay::InboxTag>(call.raw.received_at, context.random);
        auto& notification = notifications.emplace_back(call.entry->account.book, inbox_id, call.entry->account.id, std::move(transfer));
        notification.headers = headers;
        if (notifications.size() == 1) notification.body = call.raw.body.empty() ? call.raw.query : call.raw.body;
        notification.received_at = call.raw.received_at;
    }
    // What it will be known as, should the answer not wait for the match.
    auto const reference = http::to_text(qr_pay::credit_id_of(call.entry->account.book, notifications.back().credit));
    auto const kept = co_await context.intake.take(std::move(notifications), call.rail.facts().answer_tells_of_order);
    if (!kept) co_return refuse(context, call, kept.error());
    note_heard(context, call);
    rails::Taken taken(rails::Outcome::recorded, reference);
    for (auto const& received : *kept) {
        count(context, call.rail.name(), received ? qr_pay::name_of(received->outcome) : "not_matched_yet");
        if (received) taken = taken_of(*received);
    }
    co_return to_response(call.rail.accepted(taken));
}

Answering give_token(RailContext& context, Call call)
{
    auto given = rails::give_token(call.rail, call.raw, call.entry->secrets_at(call.raw.received_at));
    if (!given) co_return refuse(context, call, given.error());
    count_secret(context, *call.entry, given->secret);
    note_heard(context, call);
    co_return to_response(std::move(given->reply));
}

Answering answer(RailContext& context, rails::Rail const& rail, rails::Door::Use use, Request request)
{
    CHO_CO_TRY(auto id, http::parse_id<qr_pay::RailAccountTag>(request.path_value("account")));
    CHO_CO_TRY(auto entry, co_await context.directory.find(std::string(rail.name()), id));
    Call call(std::move(request), rail, std::move(entry));
    bool const token = use == rails::Door::Use::token;
    co_return co_await (token ? give_token(context, std::move(call)) : notify(context, std::move(call)));
}

}  // namespace

void add_rail_routes(http::Router& router, RailContext& context)
{
    http::RouteOptions options;
    options.body_bytes_max = rails::body_bytes_max;
    for (auto const* rail : rails::all_rails()) {
        for (auto const& door : rail->facts().doors) {
            auto const method = door.verb == rails::Door::Verb::get ? http::Method::get : http::Method::post;
            router.add(
                method, rail_path(*rail, door), rail_operation(*rail, door),
                [&context, rail, use = door.use](Request request) { return answer(context, *rail, use, std::move(request)); }, options);
        }
    }
}

}  // namespace cho40::api
