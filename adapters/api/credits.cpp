#include "adapters/api/credits.h"
#include "adapters/api/ids.h"
#include "adapters/api/payment_json.h"
#include "adapters/api/payments.h"
#include "adapters/api/refund_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using merchants::StallWithAccount;
using qr_pay::PaymentRequest;
using CreditView = stores::PaymentsStore::CreditView;

struct OwnCredit {
    StallWithAccount stall;
    CreditView credit;
};

boost::asio::awaitable<Result<OwnCredit>> own_credit(Context& context, identity::Principal principal, std::string stall_text,
                                                     std::string credit_text)
{
    CHO_CO_TRY(auto stall_id, http::parse_id<merchants::Stall>(stall_text));
    CHO_CO_TRY(auto credit_id, http::parse_id<qr_pay::CreditTag>(credit_text));
    OwnCredit own;
    CHO_CO_TRY(own.stall, co_await own_stall(context, std::move(principal), stall_id));
    CHO_CO_TRY(auto credit, co_await context.payments.credit(own.stall.stall.book, credit_id));
    if (!credit || credit->owner != own.stall.stall.id.uuid) co_return fail(Errc::not_found, "no such credit");
    own.credit = *std::move(credit);
    co_return own;
}

Answering read(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    auto stall = request.path_value("stall");
    auto credit = request.path_value("credit");
    CHO_CO_TRY(auto own, co_await own_credit(context, principal, std::move(stall), std::move(credit)));
    auto view = credit_json(own.credit, own.stall, request.language);
    // What is for a payment is given back of that payment.
    if (!own.credit.request) {
        CHO_CO_TRY(auto const basis, co_await context.refunds.basis(own.credit, own.stall.account));
        CHO_CO_TRY(auto const refunds, co_await context.refunds.told_of(basis.book, basis.subject));
        RefundReader const reader{identity::Place::stall(own.stall.stall.id.uuid, own.stall.stall.market.uuid), principal,
                                  request.language};
        add_refunds(view, basis.refundable().left(), refunds, reader);
        if (basis.refundable().refunded.is_positive()) view["suggestion"] = nullptr;  // what is given back is for no payment
    }
    co_return Response::json(view);
}

// As the rail told it, as far as a decision asks.
qr_pay::BankCredit as_told(CreditView const& view, StallWithAccount const& stall)
{
    qr_pay::BankCredit credit(view.rails.front(), view.bank_reference, stall.account.account_number, qr_pay::Direction::in, view.amount,
                              view.booked_at);
    credit.bank_reference = view.bank_reference;
    credit.memo = view.narrative;
    credit.payer_bank = view.payer.bank;
    return credit;
}

Answering assign(Context& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto const payment = in.id<PaymentRequest>("payment");
    CHO_CO_TRY_DO(body.finish());
    auto stall_text = request.path_value("stall");
    auto credit_text = request.path_value("credit");
    CHO_CO_TRY(auto own, co_await own_credit(context, principal, std::move(stall_text), std::move(credit_text)));

    auto const language = request.language;
    auto const book = own.stall.stall.book;
    auto work = [&context, own, payment, language](identity::Ticket ticket) -> Answering {
        CHO_CO_TRY(auto credit, co_await context.payments.credit(own.stall.stall.book, own.credit.id));
        if (!credit) co_return fail(Errc::not_found, "no such credit");
        if (credit->request) {
            auto const taken = http::to_text(*credit->request);
            co_return fail(Error(Errc::invalid_state, "this money is for " + taken).vi("Khoản tiền này đã được ghi cho " + taken + "."));
        }
        CHO_CO_TRY(auto const basis, co_await context.refunds.basis(*credit, own.stall.account));
        if (basis.refundable().refunded.is_positive()) {
            co_return fail(Error(Errc::invalid_state, "this money is given back, in part or whole: it is for no payment")
                               .vi("Khoản tiền này đang được hoàn hoặc đã hoàn cho khách."));
        }
        CHO_CO_TRY(auto stored, co_await context.payments.find(payment));
        bool const of_stall = stored && stored->book == own.stall.stall.book && stored->payee.uuid == own.stall.stall.id.uuid;
        if (!of_stall || stored->account != credit->account) {
            co_return fail(Error(Errc::not_found, "this stall asked for no such payment on that account", "/payment")
                               .vi("Sạp không có khoản này trên tài khoản đã nhận tiền."));
        }
        qr_pay::Assignment assignment(own.stall.stall.book, credit->id, as_told(*credit, own.stall), *stored);
        assignment.account = own.stall.account;
        assignment.refund_changes = basis.changes();
        auto const stall = own.stall;
        auto const before = *stored;
        auto extra = ticket.extra<qr_pay::CreditDecision>(
            [stall, before, language, now = context.clock.now()](qr_pay::CreditDecision const& made) {
                auto after = before;
                after.request = *made.request;
                after.reason = qr_pay::name_of(made.reason);
                after.since = now;
                identity::Answer answer(200, http::dump_json(payment_json(after, stall, language)),
                                        identity::AuditTarget{"pay", after.request.id.uuid});
                answer.etag = http::etag(after.request.version);
                return answer;
            });
        CHO_CO_TRY_DO(co_await context.assign_credit(std::move(assignment), std::move(extra)));
        co_return ticket.response();
    };
    identity::Idempotency::Work named = std::move(work);
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(named));
}

}  // namespace

void add_credit_routes(http::Router& router, Context& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(get, "/v1/stalls/{stall}/credits/{credit}", "credits.read", with(read));
    router.add(post, "/v1/stalls/{stall}/credits/{credit}/assignment", "credits.assign", with(assign));
}

}  // namespace cho40::api
