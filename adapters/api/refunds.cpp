#include "adapters/api/refunds.h"
#include "adapters/api/ids.h"
#include "adapters/api/payments.h"
#include "adapters/api/refund_making.h"
#include "adapters/api/refund_outflow_json.h"
#include "adapters/documents/qr_picture.h"
#include "adapters/http/json_writer.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using identity::Place;
using nlohmann::json;
using qr_pay::RefundFacts;
using qr_pay::StoredRefund;

Place place_of(merchants::StallWithAccount const& stall) { return Place::stall(stall.stall.id.uuid, stall.stall.market.uuid); }

// The refund named in the path, if its stall or agency is the principal's.
struct OwnRefund {
    std::optional<RefundFacts> facts;
    RefundReader reader;
};

boost::asio::awaitable<Result<OwnRefund>> admit_to_refund(Context& context, Request const& request)
{
    OwnRefund own;
    CHO_CO_TRY(own.reader.principal, co_await context.gate.admit(request));
    own.reader.language = request.language;
    CHO_CO_TRY(auto id, http::parse_id<qr_pay::Refund>(request.path_value("refund")));
    CHO_CO_TRY(own.facts, co_await context.refunds.find(id));
    if (!own.facts) co_return fail(Errc::not_found, "no such refund");
    auto const owner = own.facts->stored.owner.uuid;
    if (own.facts->stored.subject_kind == qr_pay::RefundSubject::notice) {
        own.reader.place = Place::agency(owner);
        CHO_CO_TRY_DO(identity::may_act_for(own.reader.principal, own.reader.place));
    } else {
        CHO_CO_TRY(auto const stall, co_await own_stall(context, own.reader.principal, Id<merchants::Stall>(owner)));
        own.reader.place = place_of(stall);
    }
    co_return own;
}

qr_pay::RefundOrder read_sale_order(http::ObjectReader& in)
{
    qr_pay::RefundOrder order;
    read_refund_wish(in, order.wish);
    read_refund_reason(in, order,
                       {{"returned_goods", "returned_goods"},
                        {"overpaid", "overpaid"},
                        {"paid_twice", "paid_twice"},
                        {"wrong_payment", "wrong_payment"},
                        {"other", "other"}},
                       ReasonText::may);
    return order;
}

struct OwnPayment {
    std::optional<qr_pay::StoredRequest> stored;
    RefundReader reader;
};

boost::asio::awaitable<Result<OwnPayment>> admit_to_payment(Context& context, Request const& request)
{
    OwnPayment own;
    CHO_CO_TRY(own.reader.principal, co_await context.gate.admit(request));
    own.reader.language = request.language;
    CHO_CO_TRY(auto payment, http::parse_id<qr_pay::PaymentRequest>(request.path_value("payment")));
    CHO_CO_TRY(own.stored, co_await context.payments.find(payment));
    if (!own.stored) co_return fail(Errc::not_found, "no such payment");
    CHO_CO_TRY(auto const found, co_await stall_of(context, *own.stored));
    CHO_CO_TRY(auto const stall, co_await own_stall(context, own.reader.principal, found.stall.id));
    own.reader.place = place_of(stall);
    co_return own;
}

Answering create(Context& context, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_payment(context, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto order = read_sale_order(in);
    CHO_CO_TRY_DO(body.finish());
    FindBasis basis = [&context, id = own.stored->request.id](qr_pay::RefundOrder&) -> boost::asio::awaitable<Result<qr_pay::RefundBasis>> {
        CHO_CO_TRY(auto again, co_await context.payments.find(id));
        if (!again) co_return fail(Errc::not_found, "no such payment");
        co_return co_await context.refunds.basis(*std::move(again));
    };
    co_return co_await make_refund(context, std::move(request), std::move(own.reader), own.stored->book, std::move(order),
                                   std::move(basis));
}

Answering list(Context& context, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_payment(context, request));
    CHO_CO_TRY(auto refunds, co_await context.refunds.told_of(own.stored->book, own.stored->request.id.uuid));
    co_return refund_list(request, refunds, own.reader, context.clock.now());
}

// Money that names no payment.
Answering create_of_credit(Context& context, Request request)
{
    RefundReader reader;
    CHO_CO_TRY(reader.principal, co_await context.gate.admit(request));
    reader.language = request.language;
    CHO_CO_TRY(auto stall_id, http::parse_id<merchants::Stall>(request.path_value("stall")));
    CHO_CO_TRY(auto credit_id, http::parse_id<qr_pay::CreditTag>(request.path_value("credit")));
    CHO_CO_TRY(auto const stall, co_await own_stall(context, reader.principal, stall_id));
    reader.place = place_of(stall);
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto order = read_sale_order(in);
    CHO_CO_TRY_DO(body.finish());
    FindBasis find = [&context, stall, credit_id](qr_pay::RefundOrder&) -> boost::asio::awaitable<Result<qr_pay::RefundBasis>> {
        CHO_CO_TRY(auto credit, co_await context.payments.credit(stall.stall.book, credit_id));
        if (!credit || credit->owner != stall.stall.id.uuid) co_return fail(Errc::not_found, "no such credit");
        if (credit->request) {
            auto const payment = http::to_text(*credit->request);
            co_return fail(Error(Errc::invalid_state, "this money is for " + payment + ": refund that")
                               .vi("Khoản tiền này đã được ghi cho " + payment + ", hãy hoàn từ khoản đó."));
        }
        co_return co_await context.refunds.basis(*credit, stall.account);
    };
    co_return co_await make_refund(context, std::move(request), std::move(reader), stall.stall.book, std::move(order), std::move(find));
}

Answering read(Context& context, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_refund(context, request));
    auto const& stored = own.facts->stored;
    CHO_CO_TRY(auto told, co_await context.refunds.with_tellings({stored}));
    auto view = told_refund_json(told.front(), own.reader);
    view["destination"] = nullptr;
    // Where the payer's account is: for whoever makes the transfer, and nobody else.
    if (own.reader.principal.is_user() && rights_at(own.reader.principal, own.reader.place).sells) {
        CHO_CO_TRY(auto payer, co_await context.refunds.payer_of(stored.book, stored.subject));
        add_destination(view, told.front(), payer, own.reader.language);
    }
    view["tellings"] = json::array();
    for (auto const& telling : told.front().told) view["tellings"].push_back(telling_json(telling, own.reader.language));
    co_return Response::json(view).header("ETag", http::etag(stored.refund.version));
}

Answering picture(Context& context, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_refund(context, request));
    auto const& stored = own.facts->stored;
    CHO_CO_TRY(auto payer, co_await context.refunds.payer_of(stored.book, stored.subject));
    CHO_CO_TRY(auto told, co_await context.refunds.with_tellings({stored}));
    auto const outflow = qr_pay::outflow_of(stored, told.front().told);
    auto const payload = transfer_payload(told.front(), payer);
    // Whoever shows an old address is not shown another amount than he reads beside it.
    auto const to_send = std::to_string(qr_pay::still_to_send(stored, outflow).count());
    bool const is_old = request.query_value("amount").value_or(to_send) != to_send;
    if (!payload || is_old) co_return fail(Errc::not_found, "there is no code to pay this refund with");
    CHO_CO_TRY(auto svg, documents::qr_svg(*payload, "VietQR " + dong_text(qr_pay::still_to_send(stored, outflow).count())));
    co_return Response::bytes(std::move(svg), "image/svg+xml");
}

// What a person does with a refund as it stands when it is carried out.
using Step = std::function<boost::asio::awaitable<Result<StoredRefund>>(RefundFacts, ledger::Extra<StoredRefund>)>;

Answering run_step(Context& context, Request request, OwnRefund own, std::string details, Step step)
{
    auto const book = own.facts->stored.book;
    auto const refund = own.facts->stored.refund.id;
    identity::Idempotency::Work work = [&context, refund, reader = own.reader, details, step](identity::Ticket ticket) -> Answering {
        if (!details.empty()) ticket.audit_details(details);
        auto extra = ticket.extra<StoredRefund>([reader](StoredRefund const& made) { return refund_answer(made, reader, 200); });
        CHO_CO_TRY(auto facts, co_await context.refunds.find(refund));
        if (!facts) co_return fail(Errc::not_found, "no such refund");
        CHO_CO_TRY_DO(co_await step(*std::move(facts), std::move(extra)));
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(own.reader.principal), book, std::move(work));
}

Answering approve(Context& context, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_refund(context, request));
    Step step = [&context, by = actor_of(own.reader.principal, own.reader.place)](RefundFacts facts, auto extra) {
        return context.make_refund.approve_one(std::move(facts), by, std::move(extra));
    };
    co_return co_await run_step(context, std::move(request), std::move(own), {}, std::move(step));
}

Answering reject(Context& context, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_refund(context, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto const text = body.root().text("reason", {1, 140});
    CHO_CO_TRY_DO(body.finish());
    Step step = [&context, by = actor_of(own.reader.principal, own.reader.place)](RefundFacts facts, auto extra) {
        return context.make_refund.reject_one(std::move(facts), by, "not_agreed", std::move(extra));
    };
    co_return co_await run_step(context, std::move(request), std::move(own), reason_details("not_agreed", text), std::move(step));
}

Answering cancel(Context& context, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_refund(context, request));
    bool surely_not_sent = false;
    if (!request.body.empty()) {
        CHO_CO_TRY(auto body, http::JsonBody::parse(request));
        surely_not_sent = body.root().optional_truth("surely_not_sent").value_or(false);
        CHO_CO_TRY_DO(body.finish());
    }
    if (surely_not_sent && !rights_at(own.reader.principal, own.reader.place).owns) {
        co_return fail(Error(Errc::forbidden, "only the owner of the money may say that none has left")
                           .vi("Chỉ chủ sạp xác nhận được là tiền chưa đi."));
    }
    Step step = [&context, surely_not_sent](RefundFacts facts, auto extra) {
        return context.make_refund.cancel_one(std::move(facts), surely_not_sent, std::move(extra));
    };
    co_return co_await run_step(context, std::move(request), std::move(own), {}, std::move(step));
}

Answering complete(Context& context, Request request)
{
    CHO_CO_TRY(auto own, co_await admit_to_refund(context, request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    qr_pay::SeenTransfer seen;
    seen.bank_reference = in.text("bank_reference", {4, 64});
    seen.evidence = in.text("evidence", {3, 300});
    seen.booked_at = in.optional_instant("booked_at");
    if (squeeze(seen.bank_reference).size() < 4)
        in.refuse("bank_reference", Errc::text_too_short, "at least four letters and digits", "Ít nhất bốn chữ cái, chữ số.");
    // A bank app shows minutes, not when in the minute.
    auto const asked_at = std::chrono::floor<std::chrono::minutes>(own.facts->stored.refund.created_at);
    if (seen.booked_at && (*seen.booked_at > context.clock.now() || *seen.booked_at < asked_at))
        in.refuse("booked_at", Errc::invalid_date, "after the refund was asked for and not in the future",
                  "Sau lúc lập khoản hoàn và không ở tương lai.");
    CHO_CO_TRY_DO(body.finish());
    auto details = reason_details("entered_by_hand", seen.evidence);
    Step step = [&context, by = actor_of(own.reader.principal, own.reader.place),
                 seen](RefundFacts facts, ledger::Extra<StoredRefund> extra) -> boost::asio::awaitable<Result<StoredRefund>> {
        CHO_CO_TRY(auto const other, co_await context.refunds.paid_by(facts.stored.book, facts.stored.account_number, seen.bank_reference));
        if (other && *other != facts.stored.refund.id) {
            co_return fail(Error(Errc::duplicate_bank_reference, "this transfer paid " + http::to_text(*other), "/bank_reference")
                               .vi("Mã giao dịch này đã dùng cho " + http::to_text(*other) + "."));
        }
        auto completed = co_await context.make_refund.complete(std::move(facts), seen, by, std::move(extra));
        if (!completed && completed.error().code == Errc::period_closed) completed.error().pointer = "/booked_at";
        co_return completed;
    };
    co_return co_await run_step(context, std::move(request), std::move(own), std::move(details), std::move(step));
}

}  // namespace

void add_refund_routes(http::Router& router, Context& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/payments/{payment}/refunds", "refunds.create", with(create));
    router.add(get, "/v1/payments/{payment}/refunds", "refunds.list", with(list));
    router.add(post, "/v1/stalls/{stall}/credits/{credit}/refunds", "credits.refund", with(create_of_credit));
    router.add(get, "/v1/refunds/{refund}", "refunds.read", with(read));
    router.add(get, "/v1/refunds/{refund}/qr", "refunds.qr", with(picture));
    router.add(post, "/v1/refunds/{refund}/approval", "refunds.approve", with(approve));
    router.add(post, "/v1/refunds/{refund}/rejection", "refunds.reject", with(reject));
    router.add(post, "/v1/refunds/{refund}/cancellation", "refunds.cancel", with(cancel));
    router.add(post, "/v1/refunds/{refund}/completion", "refunds.complete", with(complete));
}

}  // namespace cho40::api
