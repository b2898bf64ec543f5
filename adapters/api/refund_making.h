#pragma once
#include "adapters/api/context.h"
#include "adapters/api/refund_json.h"
#include "adapters/http/json_reader.h"

namespace cho40::api {

// The parts of an order that say why and how, of whatever money. Errors are noted in the reader.
using RefundReasons = std::initializer_list<http::Choice<std::string_view>>;
enum class ReasonText { may, must };
void read_refund_reason(http::ObjectReader& in, qr_pay::RefundOrder& order, RefundReasons reasons, ReasonText words);
// And how much, where it is one sum.
void read_refund_wish(http::ObjectReader& in, qr_pay::RefundWish& wish);
[[nodiscard]] Dong read_expected_refundable(http::ObjectReader& in);

// What the order is decided by, as it stands when it is carried out; may put its amounts into the order.
using FindBasis = std::function<boost::asio::awaitable<Result<qr_pay::RefundBasis>>(qr_pay::RefundOrder& order)>;

// Carries the order out, once for its Idempotency-Key: 201 when it is due, 202 when another person has to approve it.
[[nodiscard]] Answering make_refund(Context& context, http::Request request, RefundReader reader, ledger::BookId book,
                                    qr_pay::RefundOrder order, FindBasis find_basis);

// One refund after a step, as it is answered.
[[nodiscard]] identity::Answer refund_answer(qr_pay::StoredRefund const& made, RefundReader const& reader, int status);
[[nodiscard]] std::string reason_details(std::string_view code, std::string_view text);

// A list of all refunds of one subject.
[[nodiscard]] http::Response refund_list(http::Request const& request, std::vector<stores::RefundsStore::Told> const& refunds,
                                         RefundReader const& reader, Instant now);

}  // namespace cho40::api
