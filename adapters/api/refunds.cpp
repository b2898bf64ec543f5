#include "adapters/api/refunds.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/payments.h"
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
using qr_pay::RefundFacts;
using qr_pay::StoredRefund;

// What a refund of nothing would say: allowed as an expectation, so that it is answered with what is left.
constexpr http::WholeRange expected_range{0, http::payment_amount.max};

struct OwnRefund {
    std::optional<RefundFacts> facts;
    StallWithAccount stall;
};

// The refund named in the path, if its stall is the principal's.
boost::asio::awaitable<Result<OwnRefund>> own_refund(Context& context, identity::Principal principal, std::string id_text)
{
    CHO_CO_TRY(auto id, http::parse_id<qr_pay::Refund>(id_text));
    OwnRefund own;
    CHO_CO_TRY(own.facts, co_await context.refunds.find(id));
    if (!own.facts) co_return fail(Errc::not_found, "no such refund");
    auto const stall = Id<merchants::Stall>(own.facts->stored.payee.uuid);
    CHO_CO_TRY(own.stall, co_await own_stall(context, std::move(principal), stall));
    co_return own;
}

identity::Answer answer_of(StoredRefund const& made, StallWithAccount const& stall, identity::Principal const& reader,
                           http::Language language, int status)
{
    identity::Answer answer(status, http::dump_json(refund_json(made, stall, reader, language)),
                            identity::AuditTarget{"rfd", made.refund.id.uuid});
    if (status != 200) answer.location = "/v1/refunds/" + http::to_text(made.refund.id);
    answer.etag = http::etag(made.refund.version);
    return answer;
}

std::string reason_details(std::string_view code, std::string_view text)
{
    return json{{"reason", {{"code", code}, {"text", text}}}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

Answering create(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto payment, http::parse_id<qr_pay::PaymentRequest>(request.path_value("payment")));
    CHO_CO_TRY(auto stored, co_await context.payments.find(payment));
    if (!stored) co_return fail(Errc::not_found, "no such payment");
    CHO_CO_TRY(auto found, co_await stall_of(context, *stored));
    CHO_CO_TRY(auto stall, co_await own_stall(context, principal, found.stall.id));

    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    qr_pay::RefundOrder order;
    order.wish.amount = in.money("amount");
    order.wish.expected = in.money("expected_refundable", expected_range);
    auto reason = in.object("reason");
    order.reason_code = reason.one_of<std::string_view>("code", {{"returned_goods", "returned_goods"},
                                                                 {"overpaid", "overpaid"},
                                                                 {"paid_twice", "paid_twice"},
                                                                 {"wrong_payment", "wrong_payment"},
                                                                 {"other", "other"}});
    order.reason_text = reason.optional_text("text", {1, 140}).value_or("");
    order.method = in.optional_one_of<qr_pay::RefundMethod>(
                         "method", {{"bank_transfer", qr_pay::RefundMethod::bank_transfer}, {"provider", qr_pay::RefundMethod::provider}})
                       .value_or(qr_pay::RefundMethod::bank_transfer);
    CHO_CO_TRY_DO(body.finish());
    order.by = actor_of(principal, stall.stall);
    auto const language = request.language;
    auto const request_id = stored->request.id;
    identity::Idempotency::Work work = [&context, order, stall, language, request_id, principal](identity::Ticket ticket) -> Answering {
        CHO_CO_TRY(auto again, co_await context.payments.find(request_id));
        if (!again) co_return fail(Errc::not_found, "no such payment");
        CHO_CO_TRY(auto basis, co_await context.refunds.basis(*std::move(again)));
        if (order.method == qr_pay::RefundMethod::provider) {
            CHO_CO_TRY(auto const callable, co_await context.refund_calls.can_call(basis.request));
            if (!callable) {
                co_return fail(
                    Error(Errc::invalid_state, "no provider makes refunds of this payment: make the transfer yourself", "/method")
                        .vi("Khoản này không nhờ nhà cung cấp hoàn được, hãy tự chuyển trong app ngân hàng."));
            }
        }
        ticket.audit_details(reason_details(order.reason_code, order.reason_text));
        auto extra = ticket.extra<StoredRefund>([stall, principal, language](StoredRefund const& made) {
            // A refund that waits for another person is accepted, not made.
            bool const waits = made.refund.state == qr_pay::RefundState::awaiting_approval;
            return answer_of(made, stall, principal, language, waits ? 202 : 201);
        });
        auto input = order;
        CHO_CO_TRY_DO(co_await context.make_refund.request(std::move(basis), std::move(input), std::move(extra)));
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), stall.stall.book, std::move(work));
}

Answering list(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto payment, http::parse_id<qr_pay::PaymentRequest>(request.path_value("payment")));
    CHO_CO_TRY(auto stored, co_await context.payments.find(payment));
    if (!stored) co_return fail(Errc::not_found, "no such payment");
    CHO_CO_TRY(auto found, co_await stall_of(context, *stored));
    CHO_CO_TRY(auto stall, co_await own_stall(context, principal, found.stall.id));
    CHO_CO_TRY(auto refunds, co_await context.refunds.of_payment(stored->book, payment));
    json data = json::array();
    for (auto const& refund : refunds) data.push_back(refund_json(refund, stall, principal, request.language));
    WhyEmpty const why{"no_refund_yet", "Chưa hoàn lần nào.", "No refund yet."};
    co_return list_response(request, std::move(data), std::nullopt, context.clock.now(), why);
}

Answering read(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("refund");
    CHO_CO_TRY(auto own, co_await own_refund(context, principal, std::move(id)));
    auto const& stored = own.facts->stored;
    auto view = refund_json(stored, own.stall, principal, request.language);
    view["destination"] = nullptr;
    // Where the payer's account is: for whoever makes the transfer, and nobody else.
    if (principal.is_user() && rights_at(principal, own.stall.stall).sells) {
        CHO_CO_TRY(auto payer, co_await context.refunds.payer_of(stored.book, stored.payment));
        view["destination"] = destination_json(stored, payer);
    }
    CHO_CO_TRY(auto tellings, co_await context.refunds.tellings_of(stored.book, stored.refund.id));
    view["tellings"] = json::array();
    for (auto const& telling : tellings) view["tellings"].push_back(telling_json(telling));
    co_return Response::json(view).header("ETag", http::etag(stored.refund.version));
}

Answering picture(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("refund");
    CHO_CO_TRY(auto own, co_await own_refund(context, std::move(principal), std::move(id)));
    auto const& stored = own.facts->stored;
    CHO_CO_TRY(auto payer, co_await context.refunds.payer_of(stored.book, stored.payment));
    auto const payload = payer ? transfer_payload(stored, *payer) : std::nullopt;
    bool const is_due = stored.refund.state == qr_pay::RefundState::due && stored.refund.method == qr_pay::RefundMethod::bank_transfer;
    if (!payload || !is_due) co_return fail(Errc::not_found, "there is no code to pay this refund with");
    CHO_CO_TRY(auto svg, documents::qr_svg(*payload, "VietQR " + dong_text(stored.refund.amount.count())));
    co_return Response::bytes(std::move(svg), "image/svg+xml");
}

// One step of a refund by a person: what is in the body, then what is done with the refund as it stands.
using Step = std::function<boost::asio::awaitable<Result<StoredRefund>>(RefundFacts, ledger::Extra<StoredRefund>)>;

Answering run_step(Context& context, Request request, identity::Principal principal, StallWithAccount stall, Id<qr_pay::Refund> refund,
                   std::string details, Step step)
{
    auto const language = request.language;
    identity::Idempotency::Work work = [&context, stall, refund, details, step, language, principal](identity::Ticket ticket) -> Answering {
        if (!details.empty()) ticket.audit_details(details);
        auto extra = ticket.extra<StoredRefund>(
            [stall, principal, language](StoredRefund const& made) { return answer_of(made, stall, principal, language, 200); });
        CHO_CO_TRY(auto facts, co_await context.refunds.find(refund));
        if (!facts) co_return fail(Errc::not_found, "no such refund");
        CHO_CO_TRY_DO(co_await step(*std::move(facts), std::move(extra)));
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), stall.stall.book, std::move(work));
}

Answering approve(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("refund");
    CHO_CO_TRY(auto own, co_await own_refund(context, principal, std::move(id)));
    auto const by = actor_of(principal, own.stall.stall);
    Step step = [&context, by](RefundFacts facts, ledger::Extra<StoredRefund> extra) {
        return context.make_refund.approve_one(std::move(facts), by, std::move(extra));
    };
    co_return co_await run_step(context, std::move(request), std::move(principal), own.stall, own.facts->stored.refund.id, {},
                                std::move(step));
}

Answering reject(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("refund");
    CHO_CO_TRY(auto own, co_await own_refund(context, principal, std::move(id)));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const text = in.text("reason", {1, 140});
    CHO_CO_TRY_DO(body.finish());
    auto const by = actor_of(principal, own.stall.stall);
    Step step = [&context, by](RefundFacts facts, ledger::Extra<StoredRefund> extra) {
        return context.make_refund.reject_one(std::move(facts), by, "not_agreed", std::move(extra));
    };
    co_return co_await run_step(context, std::move(request), std::move(principal), own.stall, own.facts->stored.refund.id,
                                reason_details("not_agreed", text), std::move(step));
}

Answering cancel(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("refund");
    CHO_CO_TRY(auto own, co_await own_refund(context, principal, std::move(id)));
    bool surely_not_sent = false;
    if (!request.body.empty()) {
        CHO_CO_TRY(auto body, http::JsonBody::parse(request));
        surely_not_sent = body.root().optional_truth("surely_not_sent").value_or(false);
        CHO_CO_TRY_DO(body.finish());
    }
    if (surely_not_sent && !rights_at(principal, own.stall.stall).owns) {
        co_return fail(Error(Errc::forbidden, "only the owner of the stall may say that no money left")
                           .vi("Chỉ chủ sạp xác nhận được là tiền chưa đi."));
    }
    Step step = [&context, surely_not_sent](RefundFacts facts, ledger::Extra<StoredRefund> extra) {
        return context.make_refund.cancel_one(std::move(facts), surely_not_sent, std::move(extra));
    };
    co_return co_await run_step(context, std::move(request), std::move(principal), own.stall, own.facts->stored.refund.id, {},
                                std::move(step));
}

Answering complete(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto id = request.path_value("refund");
    CHO_CO_TRY(auto own, co_await own_refund(context, principal, std::move(id)));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    qr_pay::SeenTransfer seen;
    seen.bank_reference = in.text("bank_reference", {4, 64});
    seen.evidence = in.text("evidence", {3, 300});
    seen.booked_at = in.optional_instant("booked_at");
    if (squeeze(seen.bank_reference).size() < 4)
        in.refuse("bank_reference", Errc::text_too_short, "at least four letters and digits", "Ít nhất bốn chữ cái, chữ số.");
    if (seen.booked_at && (*seen.booked_at > context.clock.now() || *seen.booked_at < own.facts->stored.refund.created_at))
        in.refuse("booked_at", Errc::invalid_date, "after the refund was asked for and not in the future",
                  "Sau lúc lập khoản hoàn và không ở tương lai.");
    CHO_CO_TRY_DO(body.finish());
    auto const by = actor_of(principal, own.stall.stall);
    Step step = [&context, by, seen](RefundFacts facts, ledger::Extra<StoredRefund> extra) -> boost::asio::awaitable<Result<StoredRefund>> {
        CHO_CO_TRY(auto const other, co_await context.refunds.paid_by(facts.stored.book, facts.stored.account_number, seen.bank_reference));
        if (other && *other != facts.stored.refund.id) {
            co_return fail(Error(Errc::duplicate_bank_reference, "this transfer paid " + http::to_text(*other), "/bank_reference")
                               .vi("Mã giao dịch này đã dùng cho " + http::to_text(*other) + "."));
        }
        co_return co_await context.make_refund.complete(std::move(facts), seen, by, std::move(extra));
    };
    co_return co_await run_step(context, std::move(request), std::move(principal), own.stall, own.facts->stored.refund.id,
                                reason_details("entered_by_hand", seen.evidence), std::move(step));
}

}  // namespace

void add_refund_routes(http::Router& router, Context& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/payments/{payment}/refunds", "refunds.create", with(create));
    router.add(get, "/v1/payments/{payment}/refunds", "refunds.list", with(list));
    router.add(get, "/v1/refunds/{refund}", "refunds.read", with(read));
    router.add(get, "/v1/refunds/{refund}/qr", "refunds.qr", with(picture));
    router.add(post, "/v1/refunds/{refund}/approval", "refunds.approve", with(approve));
    router.add(post, "/v1/refunds/{refund}/rejection", "refunds.reject", with(reject));
    router.add(post, "/v1/refunds/{refund}/cancellation", "refunds.cancel", with(cancel));
    router.add(post, "/v1/refunds/{refund}/completion", "refunds.complete", with(complete));
}

}  // namespace cho40::api
