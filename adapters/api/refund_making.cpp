#include "adapters/api/refund_making.h"
#include "adapters/api/ids.h"
#include "adapters/api/lists.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using nlohmann::json;
using qr_pay::StoredRefund;

// What a refund of nothing would say: allowed as an expectation, so that it is answered with what is left.
constexpr http::WholeRange expected_range{0, http::payment_amount.max};

boost::asio::awaitable<Result<Done>> require_provider(Context& context, ledger::BookId book, Uuid subject)
{
    CHO_CO_TRY(auto const callable, co_await context.refund_calls.can_call(book, subject));
    if (!callable) {
        co_return fail(Error(Errc::invalid_state, "no provider makes refunds of this money: make the transfer yourself", "/method")
                           .vi("Khoản này không nhờ nhà cung cấp hoàn được, hãy tự chuyển trong app ngân hàng."));
    }
    co_return Done{};
}

}  // namespace

void read_refund_reason(http::ObjectReader& in, qr_pay::RefundOrder& order, RefundReasons reasons, ReasonText words)
{
    auto reason = in.object("reason");
    order.reason_code = reason.one_of<std::string_view>("code", reasons);
    constexpr http::TextLimit length{1, 140};
    order.reason_text = words == ReasonText::must ? reason.text("text", length) : reason.optional_text("text", length).value_or("");
    order.method = in.optional_one_of<qr_pay::RefundMethod>(
                         "method", {{"bank_transfer", qr_pay::RefundMethod::bank_transfer}, {"provider", qr_pay::RefundMethod::provider}})
                       .value_or(qr_pay::RefundMethod::bank_transfer);
}

void read_refund_wish(http::ObjectReader& in, qr_pay::RefundWish& wish)
{
    wish.amount = in.money("amount");
    wish.expected = read_expected_refundable(in);
}

Dong read_expected_refundable(http::ObjectReader& in) { return in.money("expected_refundable", expected_range); }

identity::Answer refund_answer(StoredRefund const& made, RefundReader const& reader, int status)
{
    identity::Answer answer(status, http::dump_json(refund_json(made, reader)), identity::AuditTarget{"rfd", made.refund.id.uuid});
    if (status != 200) answer.location = "/v1/refunds/" + http::to_text(made.refund.id);
    answer.etag = http::etag(made.refund.version);
    return answer;
}

std::string reason_details(std::string_view code, std::string_view text)
{
    return json{{"reason", {{"code", code}, {"text", text}}}}.dump(-1, ' ', false, json::error_handler_t::replace);
}

Answering make_refund(Context& context, http::Request request, RefundReader reader, ledger::BookId book, qr_pay::RefundOrder order,
                      FindBasis find_basis)
{
    order.by = actor_of(reader.principal, reader.place);
    identity::Idempotency::Work work = [&context, order, reader, find_basis](identity::Ticket ticket) -> Answering {
        auto input = order;
        CHO_CO_TRY(auto basis, co_await find_basis(input));
        if (input.method == qr_pay::RefundMethod::provider) {
            CHO_CO_TRY_DO(co_await require_provider(context, basis.book, basis.subject));
        }
        ticket.audit_details(reason_details(input.reason_code, input.reason_text));
        auto extra = ticket.extra<StoredRefund>([reader](StoredRefund const& made) {
            // A refund that waits for another person is accepted, not made.
            bool const waits = made.refund.state == qr_pay::RefundState::awaiting_approval;
            return refund_answer(made, reader, waits ? 202 : 201);
        });
        CHO_CO_TRY_DO(co_await context.make_refund.request(std::move(basis), std::move(input), std::move(extra)));
        co_return ticket.response();
    };
    auto principal = reader.principal;
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

http::Response refund_list(http::Request const& request, std::vector<stores::RefundsStore::Told> const& refunds, RefundReader const& reader,
                           Instant now)
{
    json data = json::array();
    for (auto const& refund : refunds) data.push_back(told_refund_json(refund, reader));
    WhyEmpty const why{"no_refund_yet", "Chưa hoàn lần nào.", "No refund yet."};
    return list_response(request, std::move(data), std::nullopt, now, why);
}

}  // namespace cho40::api
