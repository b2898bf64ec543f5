#include "adapters/api/payments.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/payment_json.h"
#include "adapters/api/refund_json.h"
#include "adapters/documents/qr_picture.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using merchants::StallWithAccount;
using nlohmann::json;
using qr_pay::PaymentRequest;
using qr_pay::StoredRequest;

struct OwnPayment {
    std::optional<StoredRequest> stored;
    StallWithAccount stall;
};

// The payment named in the path, if its stall is the principal's.
boost::asio::awaitable<Result<OwnPayment>> own_payment(Context& context, identity::Principal principal, std::string id_text)
{
    CHO_CO_TRY(auto id, http::parse_id<PaymentRequest>(id_text));
    CHO_CO_TRY(auto stored, co_await context.payments.find(id));
    if (!stored) co_return fail(Errc::not_found, "no such payment");
    OwnPayment own;
    CHO_CO_TRY(own.stall, co_await stall_of(context, *stored));
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::stall(own.stall.stall.id.uuid, own.stall.stall.market.uuid)));
    own.stored = std::move(stored);
    co_return own;
}

identity::Answer answer_of(StoredRequest const& made, StallWithAccount const& stall, http::Language language, int status)
{
    auto const body = payment_json(made, stall, language);
    identity::Answer answer(status, http::dump_json(body), identity::AuditTarget{"pay", made.request.id.uuid});
    if (status == 201) answer.location = "/v1/payments/" + http::to_text(made.request.id);
    answer.etag = http::etag(made.request.version);
    return answer;
}

Answering create(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const stall_id = in.id<merchants::Stall>("stall");
    auto const amount = in.money("amount");
    auto const note = in.optional_text("note", {1, 140});
    auto const client_ref = in.optional_text("client_ref", {1, 64});
    auto const virtual_account = in.optional_text("virtual_account", {1, 19});
    if (client_ref &&
        client_ref->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") != std::string::npos) {
        in.refuse("client_ref", Errc::invalid_format, "letters, digits, '.', '_' and '-' only", "Chỉ dùng chữ, số, '.', '_' và '-'.");
    }
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto stall, co_await own_stall(context, principal, stall_id));

    qr_pay::PaymentOrder order;
    order.book = stall.stall.book;
    order.payee = Id<qr_pay::Payee>(stall.stall.id.uuid);
    order.account = stall.account;
    order.amount = amount;
    order.note = note.value_or("");
    order.memo_text = "SAP " + stall.stall.number;
    order.client_ref = client_ref.value_or("");
    order.virtual_account = virtual_account.value_or("");
    order.created_by = Id<qr_pay::UserTag>(principal.id);
    auto const language = request.language;
    auto work = [&context, order, stall, language](identity::Ticket ticket) -> Answering {
        if (!order.client_ref.empty()) {
            CHO_CO_TRY(auto used, co_await context.payments.by_client_ref(order.book, order.payee, order.client_ref));
            if (used) {
                co_return fail(Error(Errc::duplicate_client_ref, "this client_ref was used for " + http::to_text(*used), "/client_ref")
                                   .vi("client_ref này đã dùng cho " + http::to_text(*used)));
            }
        }
        auto extra = ticket.extra<StoredRequest>(
            [stall, language](StoredRequest const& made) { return answer_of(made, stall, language, 201); });
        auto input = order;
        auto const made = co_await context.request_payment(std::move(input), std::move(extra));
        if (!made && made.error().code == Errc::stale && !order.virtual_account.empty()) {
            CHO_CO_TRY(auto used, co_await context.payments.by_virtual_account(order.book, order.virtual_account));
            if (used) {
                co_return fail(Error(Errc::invalid_state, "this account was given out for " + http::to_text(*used), "/virtual_account")
                                   .vi("Tài khoản này đã cấp cho " + http::to_text(*used)));
            }
        }
        CHO_CO_TRY_DO(made);
        co_return ticket.response();
    };
    identity::Idempotency::Work named = std::move(work);
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), stall.stall.book, std::move(named));
}

Answering read(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("payment");
    CHO_CO_TRY(auto own, co_await own_payment(context, principal, std::move(id)));
    CHO_CO_TRY(auto refunds, co_await context.refunds.told_of(own.stored->book, own.stored->request.id.uuid));
    auto const tag = http::etag(own.stored->request.version);
    // Refunds change without their payment, whose finished state is never left.
    if (refunds.empty() && http::none_match_hits(request, tag)) co_return Response(304).header("ETag", tag);
    CHO_CO_TRY(auto credits, co_await context.payments.credits_of(own.stored->book, own.stored->request.id));
    auto view = payment_json(*own.stored, own.stall, request.language);
    view["timeline"] = timeline_json(*own.stored, credits, request.language);
    Dong received;
    for (auto const& credit : credits) received = *add(received, credit.amount);  // within a balance of the ledger
    std::vector<qr_pay::Refund> bare;
    for (auto const& one : refunds) bare.push_back(one.stored.refund);
    RefundReader const reader{identity::Place::stall(own.stall.stall.id.uuid, own.stall.stall.market.uuid), principal, request.language};
    add_refunds(view, qr_pay::refundable_of(received, Dong(), bare).left(), refunds, reader);
    add_refund_steps(view["timeline"], refunds, request.language);
    co_return Response::json(view).header("ETag", tag);
}

Answering picture(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("payment");
    CHO_CO_TRY(auto own, co_await own_payment(context, std::move(principal), std::move(id)));
    CHO_CO_TRY(auto svg, documents::qr_svg(own.stored->qr_payload, "VietQR " + dong_text(own.stored->request.asked.count())));
    co_return Response::bytes(std::move(svg), "image/svg+xml").cache("private, max-age=900");
}

Answering credits(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("payment");
    CHO_CO_TRY(auto own, co_await own_payment(context, std::move(principal), std::move(id)));
    CHO_CO_TRY(auto found, co_await context.payments.credits_of(own.stored->book, own.stored->request.id));
    json data = json::array();
    for (auto const& c : found) data.push_back(credit_json(c, own.stall, request.language));
    co_return list_response(request, std::move(data), std::nullopt, context.clock.now(), std::nullopt);
}

enum class Act { cancel, waive };

Answering change(Context& context, Request request, Act act)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("payment");
    CHO_CO_TRY(auto own, co_await own_payment(context, principal, std::move(id)));
    if (!request.header("If-Match").empty()) {
        CHO_CO_TRY(auto expected, http::if_match_version(request));
        if (expected != own.stored->request.version)
            co_return fail(Errc::version_mismatch, "the payment stands at version " + std::to_string(own.stored->request.version));
    }
    if (act == Act::waive) {
        CHO_CO_TRY(auto body, http::JsonBody::parse(request));
        auto in = body.root();
        auto const expected = in.money("expected_remaining");
        if (auto reason = in.optional_object("reason")) {
            (void)reason->one_of<int>("code", {{"regular_customer", 1}, {"rounding", 2}, {"other", 3}});  // kept by the audit trail
            (void)reason->optional_text("text", {1, 200});
        }
        CHO_CO_TRY_DO(body.finish());
        if (own.stored->request.state == qr_pay::PaymentState::underpaid && expected != own.stored->request.remaining()) {
            co_return fail(Error(Errc::version_mismatch,
                                 "still missing is " + std::to_string(own.stored->request.remaining().count()) + " đồng",
                                 "/expected_remaining")
                               .vi("Còn thiếu " + dong_text(own.stored->request.remaining().count()) + "."));
        }
    }
    auto const stall = own.stall;
    auto const language = request.language;
    auto const payment = own.stored->request.id;
    auto work = [&context, payment, stall, language, act](identity::Ticket ticket) -> Answering {
        auto extra = ticket.extra<StoredRequest>(
            [stall, language](StoredRequest const& made) { return answer_of(made, stall, language, 200); });
        CHO_CO_TRY(auto stored, co_await context.payments.find(payment));
        if (!stored) co_return fail(Errc::not_found, "no such payment");
        auto changed = act == Act::cancel ? co_await context.change_payment.cancel_request(*std::move(stored), std::move(extra))
                                          : co_await context.change_payment.waive(*std::move(stored), std::move(extra));
        if (!changed) co_return tl::unexpected<Error>(std::move(changed).error());
        co_return ticket.response();
    };
    identity::Idempotency::Work named = std::move(work);
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), stall.stall.book, std::move(named));
}

// "paid,overpaid" as numbers of the database.
Result<std::vector<std::int16_t>> states_named(std::string_view names)
{
    std::vector<std::int16_t> states;
    for (auto const name : names_in(names)) {
        auto const state = qr_pay::payment_state_named(name);
        if (!state) return fail(Errc::unknown_value, "not a state of a payment", "#query/state");
        states.push_back(static_cast<std::int16_t>(*state));
    }
    return states;
}

Answering list(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto const stall_text = request.query_value("stall");
    if (!stall_text) co_return fail(Errc::invalid_input, "say which stall: ?stall=stl_…", "#query/stall");
    CHO_CO_TRY(auto stall_id, http::parse_id<merchants::Stall>(*stall_text));
    CHO_CO_TRY(auto stall, co_await own_stall(context, std::move(principal), stall_id));

    stores::PaymentsStore::ListFilter filter;
    filter.book = stall.stall.book;
    filter.payee = Id<qr_pay::Payee>(stall.stall.id.uuid);
    filter.created_from = Instant{};
    filter.created_to = context.clock.now() + std::chrono::hours(24);
    CHO_CO_TRY_DO(http::only_query(request, {"stall", "state", "created_from", "created_to"}));
    if (auto const from = request.query_value("created_from")) { CHO_CO_TRY(filter.created_from, parse_rfc3339(*from)); }
    if (auto const to = request.query_value("created_to")) { CHO_CO_TRY(filter.created_to, parse_rfc3339(*to)); }
    if (auto const states = request.query_value("state")) { CHO_CO_TRY(filter.states, states_named(*states)); }
    CHO_CO_TRY(auto const limit, http::page_limit(request));
    CHO_CO_TRY(filter.before, id_before(request, context.cursors));
    filter.limit = limit + 1;
    CHO_CO_TRY(auto found, co_await context.payments.list(filter));
    bool const more = cut_to(found, limit);
    json data = json::array();
    for (auto const& p : found) data.push_back(payment_json(p, stall, request.language));
    std::optional<std::string> next;
    if (more) next = context.cursors.write(request, {found.back().request.id.uuid.to_string()});
    WhyEmpty const why{"no_payment_yet", "Chưa có khoản nào.", "No payment yet."};
    co_return list_response(request, std::move(data), next, context.clock.now(), why);
}

}  // namespace

boost::asio::awaitable<Result<StallWithAccount>> stall_of(Context& context, StoredRequest stored)
{
    if (stored.payee_kind != qr_pay::PayeeKind::stall) co_return fail(Errc::not_found, "no such payment");
    CHO_CO_TRY(auto stall, co_await context.merchants.find(Id<merchants::Stall>(stored.payee.uuid)));
    if (!stall) co_return fail(Errc::not_found, "no such payment");
    co_return *std::move(stall);
}

boost::asio::awaitable<Result<StallWithAccount>> own_stall(Context& context, identity::Principal principal, Id<merchants::Stall> id)
{
    CHO_CO_TRY(auto stall, co_await context.merchants.find(id));
    if (!stall) co_return fail(Errc::not_found, "no such stall");
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::stall(stall->stall.id.uuid, stall->stall.market.uuid)));
    co_return *std::move(stall);
}

void add_payment_routes(http::Router& router, Context& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/payments", "payments.create", with(create));
    router.add(get, "/v1/payments", "payments.list", with(list));
    router.add(get, "/v1/payments/{payment}", "payments.read", with(read));
    router.add(get, "/v1/payments/{payment}/qr", "payments.qr", with(picture));
    router.add(get, "/v1/payments/{payment}/credits", "payments.credits", with(credits));
    router.add(post, "/v1/payments/{payment}/cancellation", "payments.cancel",
               [&context](Request request) { return change(context, std::move(request), Act::cancel); });
    router.add(post, "/v1/payments/{payment}/shortage-waiver", "payments.waive_shortage",
               [&context](Request request) { return change(context, std::move(request), Act::waive); });
}

}  // namespace cho40::api
