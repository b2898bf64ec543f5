#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/api/national_pay.h"
#include "adapters/api/resource_json.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using fees::NationalPayment;
using http::Request;
using http::Response;
using nlohmann::json;

json view_of(NationalPayment const& payment)
{
    json view = {
        {"id", http::to_text(payment.id)},
        {"notice", http::to_text(payment.notice)},
        {"agency", http::to_text(payment.agency)},
        {"payment", http::to_text(payment.request)},
        {"reference", payment.reference},
        {"amount", http::money_json(payment.amount)},
        {"state", http::state_json(fees::national_state_name(payment.state), !fees::is_open(payment.state), payment.since, payment.reason)},
        {"pay_url", http::text_or_null(payment.state == fees::NationalState::pending ? payment.pay_url : std::string())},
        {"transaction", http::text_or_null(payment.transaction)},
        {"bank", http::text_or_null(payment.bank)},
        {"called_at", http::instant_json(payment.called_at)},
        {"paid_at", http::instant_json(payment.paid_at)},
        {"booked", payment.is_booked},
        {"has_bill", payment.has_bill}};
    stamp(view, "national_payment", payment.version, payment.created_at, payment.since);
    return view;
}

boost::asio::awaitable<Result<fees::StoredNotice>> own_notice(NationalContext& context, identity::Principal principal, std::string text)
{
    CHO_CO_TRY(auto const id, http::parse_id<fees::FeeNotice>(text));
    CHO_CO_TRY(auto found, co_await context.fees.store.find_notice(id));
    if (!found) co_return fail(Errc::not_found, "no such notice");
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::agency(found->agency.id.uuid)));
    co_return std::move(found->stored);
}

boost::asio::awaitable<Result<NationalPayment>> own_payment(NationalContext& context, identity::Principal principal, std::string text)
{
    CHO_CO_TRY(auto const id, http::parse_id<NationalPayment>(text));
    CHO_CO_TRY(auto found, co_await context.desk.store.find_national(id));
    if (!found) co_return fail(Errc::not_found, "no such attempt");
    CHO_CO_TRY_DO(identity::may_act_for(principal, identity::Place::agency(found->agency.uuid)));
    co_return *std::move(found);
}

// The answer is kept with the attempt, before the platform is called; where the payer goes is read when it is known.
Answering create(NationalContext& context, Request request)
{
    auto& fees = context.fees;
    CHO_CO_TRY(auto principal, co_await fees.gate.admit(request));
    CHO_CO_TRY(auto const notice, co_await own_notice(context, principal, request.path_value("notice")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    CHO_CO_TRY_DO(body.finish());
    auto const id = notice.notice.id;
    auto const key = "api/" + principal.id.to_string() + "/" + std::string(request.header("Idempotency-Key"));
    auto const attempt = fees::national_payment_id(id, key);
    identity::UseCase<NationalPayment> work = [&context, id, key](auto extra) { return context.desk.pay.start(id, key, std::move(extra)); };
    identity::AnswerOf<NationalPayment> answer = [](NationalPayment const& made) {
        identity::Answer out(201, http::dump_json(view_of(made)), identity::AuditTarget{"nat", made.id.uuid});
        out.location = "/v1/national-payments/" + http::to_text(made.id);
        out.etag = http::etag(made.version);
        return out;
    };
    auto made = co_await fees.idempotency.run(std::move(request), std::move(principal), notice.book, std::move(work), std::move(answer));
    if (!made || made->status != 201) co_return made;
    auto const opened = co_await context.desk.pay.open(attempt);
    if (!opened) fees.log.warning("national.not_opened", {{"attempt", http::to_text(attempt)}, {"code", errc_name(opened.error().code)}});
    co_return made;
}

Answering list(NationalContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.fees.gate.admit(request));
    CHO_CO_TRY_DO(http::only_query(request, {}));
    CHO_CO_TRY(auto const notice, co_await own_notice(context, std::move(principal), request.path_value("notice")));
    CHO_CO_TRY(auto const found, co_await context.desk.store.of_notice(notice.book, notice.notice.id));
    json data = json::array();
    for (auto const& payment : found) data.push_back(view_of(payment));
    WhyEmpty const why{"no_attempt_yet", "Chưa ai trả qua Cổng thanh toán quốc gia.", "Nobody has tried to pay over the platform."};
    co_return list_response(request, std::move(data), std::nullopt, context.fees.clock.now(), why);
}

Answering read(NationalContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.fees.gate.admit(request));
    CHO_CO_TRY(auto const found, co_await own_payment(context, std::move(principal), request.path_value("payment")));
    co_return Response::json(view_of(found)).header("ETag", http::etag(found.version));
}

Answering bill(NationalContext& context, Request request)
{
    CHO_CO_TRY(auto principal, co_await context.fees.gate.admit(request));
    CHO_CO_TRY(auto const found, co_await own_payment(context, std::move(principal), request.path_value("payment")));
    CHO_CO_TRY(auto stored, co_await context.desk.store.bill(found.book, found.id));
    if (!stored) co_return fail(Errc::not_found, "the platform has given no receipt yet");
    co_return Response::bytes(std::move(stored->bytes), "application/pdf")
        .header("Content-Disposition", "attachment; filename=\"" + found.reference + ".pdf\"")
        .header("Repr-Digest", "sha-256=:" + to_base64(std::string(stored->sha256.begin(), stored->sha256.end())) + ":");
}

}  // namespace

void add_national_payment_routes(http::Router& router, NationalContext& context)
{
    using enum http::Method;
    auto const with = handlers_of(context);
    router.add(post, "/v1/fee-notices/{notice}/national-payments", "national_payments.create", with(create));
    router.add(get, "/v1/fee-notices/{notice}/national-payments", "national_payments.list", with(list));
    router.add(get, "/v1/national-payments/{payment}", "national_payments.read", with(read));
    router.add(get, "/v1/national-payments/{payment}/bill", "national_payments.bill", with(bill));
}

}  // namespace cho40::api
