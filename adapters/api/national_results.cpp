#include "adapters/api/ids.h"
#include "adapters/api/national_pay.h"
#include "adapters/http/json_writer.h"
#include "adapters/national_pay/fields.h"
#include "adapters/national_pay/result_call.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using national_pay::Account;
using national_pay::ResultCall;
namespace reply_code = national_pay::reply_code;

void count(NationalContext& context, std::string_view outcome)
{
    context.metrics
        .counter("cho40_national_results_total", "Result calls of the national payment platform by what became of them.",
                 {{"outcome", std::string(outcome)}})
        .add();
}

Response reply(NationalContext& context, Account const& account, std::string_view code, std::string_view words, int status = 200)
{
    return Response::json_text(national_pay::reply_body(code, words, account, context.fees.clock.now()), status);
}

// Somebody who knows the secret told of figures that are not ours: nothing is booked, and people hear of it.
boost::asio::awaitable<void> note_difference(NationalContext& context, Id<qr_pay::RailAccountTag> rail_account, ledger::BookId book,
                                             ResultCall call, std::optional<fees::NationalPayment> payment, std::string_view what,
                                             std::string request_id)
{
    auto const now = context.fees.clock.now();
    context.fees.log.write(
        observability::Level::warning, "national.result_differs", request_id,
        {{"account", http::to_text(rail_account)}, {"what", what}, {"reference", national_pay::kept(call.reference, 100)}});
    auto entry = std::make_shared<identity::AuditEntry>();
    entry->book = book;
    entry->id = make_id<identity::AuditRecord>(now, context.fees.random);
    entry->at = now;
    entry->actor_kind = identity::AuditEntry::Actor::rail;
    entry->actor = rail_account.uuid;
    entry->act = "national_platforms.result";
    if (payment) entry->target = {"nat", payment->id.uuid};
    entry->outcome = "differs";
    entry->request_id = request_id;
    nlohmann::json const details = {{"what", what},
                                    {"reference", national_pay::kept(call.reference, 100)},
                                    {"told_amount", national_pay::kept(call.amount, 40)},
                                    {"told_currency", national_pay::kept(call.currency, 40)},
                                    {"told_partner", national_pay::kept(call.partner, 64)},
                                    {"our_amount", payment ? nlohmann::json(payment->amount.count()) : nlohmann::json()}};
    entry->details = http::dump_json(details);
    ledger::Command command(book);
    command.rows.push_back(std::move(entry));
    auto const written = co_await context.ledger.submit(std::move(command));
    if (!written) context.fees.log.error("national.difference_not_in_audit", {{"code", errc_name(written.error().code)}});
}

Answering result(NationalContext& context, Request request)
{
    CHO_CO_TRY(auto const id, http::parse_id<qr_pay::RailAccountTag>(request.path_value("account")));
    CHO_CO_TRY(auto const platform, co_await context.desk.store.platform(id));
    if (!platform) co_return fail(Errc::not_found, "no such account");
    CHO_CO_TRY(auto const account, co_await context.directory.account(id));

    auto const call = national_pay::read_result_call(request.body, account);
    if (!call) {
        count(context, errc_name(call.error().code));
        context.fees.log.write(observability::Level::warning, "national.result_refused", request.request_id,
                               {{"account", http::to_text(id)}, {"code", errc_name(call.error().code)}, {"at", call.error().pointer}});
        co_return reply(context, account, reply_code::bad_checksum, "the checksum does not fit");
    }
    CHO_CO_TRY(auto const payment, co_await context.desk.store.with_reference(id, call->reference));
    auto const what = payment                            ? national_pay::difference(*call, *payment, account)
                      : call->partner != account.partner ? std::string_view("partner")
                                                         : std::string_view("reference");
    if (!what.empty()) {
        count(context, "differs_" + std::string(what));
        co_await note_difference(context, id, platform->book, *call, payment, what, request.request_id);
        co_return reply(context, account, payment ? reply_code::differs : reply_code::unknown_payment, what);
    }
    auto const told = national_pay::result_of(*call);
    bool const was_paid = payment->state == fees::NationalState::succeeded;
    auto const heard = co_await context.desk.pay.hear(payment->id, told, request.body);
    if (!heard) {
        count(context, errc_name(heard.error().code));
        context.fees.log.warning("national.result_not_kept", {{"account", http::to_text(id)}, {"code", errc_name(heard.error().code)}});
        co_return reply(context, account, reply_code::again, "tell it again later", 503);
    }
    using Kind = fees::NationalResult::Kind;
    count(context, told.kind == Kind::paid ? (was_paid ? "paid_again" : "paid") : (was_paid ? "failed_after_paid" : "failed"));
    co_return reply(context, account, reply_code::taken, "OK");
}

}  // namespace

void add_national_result_route(http::Router& router, NationalContext& context)
{
    http::RouteOptions options;
    options.body_bytes_max = 256 * 1024;
    router.add(
        http::Method::post, "/rails/dvcqg/{account}", "national_platforms.result",
        [&context](Request request) { return result(context, std::move(request)); }, options);
}

}  // namespace cho40::api
