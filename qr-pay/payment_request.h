#pragma once
#include "base/dong.h"
#include "base/result.h"
#include "base/time.h"
#include "base/uuid.h"
#include "qr-pay/order_code.h"
#include <optional>
#include <string_view>

namespace cho40::qr_pay {

// The states of a request for money. A short-paid request stays open for the rest.
//
//   created ─ waiting ─┬─ underpaid ─┐            open: money is expected
//                      ├─ in_doubt ──┤            open: a rail does not answer, nobody says "failed"
//                      ├─────────────┴─ paid | overpaid
//                      └─ expired | cancelled | failed ── paid_late
//
// paid, overpaid and paid_late are never left. expired, cancelled and failed are left only by money that comes after
// all.
enum class PaymentState { created, waiting, underpaid, in_doubt, paid, overpaid, paid_late, expired, cancelled, failed };

[[nodiscard]] std::string_view name_of(PaymentState state);  // "paid_late"
[[nodiscard]] std::optional<PaymentState> payment_state_named(std::string_view name);

// created, waiting, underpaid, in_doubt.
[[nodiscard]] bool is_open(PaymentState state);

// One request for one amount under one order code.
struct PaymentRequest {
    PaymentRequest(Id<PaymentRequest> request, OrderCode order, Dong amount, Instant created, Instant expires)
        : id(request), code(std::move(order)), asked(amount), created_at(created), expires_at(expires)
    {
    }

    Id<PaymentRequest> id;
    OrderCode code;
    Dong asked;     // 1 .. amount_max
    Dong received;  // what came for this request, an excess included, duplicates not
    Dong waived;    // what the vendor let go ("bớt luôn"); 0 unless paid short
    PaymentState state = PaymentState::created;
    Instant created_at;
    Instant expires_at;  // the first moment at which a new payment is late, unless part of the money has come
    std::int64_t version = 1;

    // What is still missing: max(0, asked - waived - received).
    [[nodiscard]] Dong remaining() const;
};

// What may happen to a request other than money. Each returns the request as it is afterwards, version one higher, or
// invalid_state: a finished state is never left and nothing is ever downgraded.

// created -> waiting: the code has been shown or sent.
[[nodiscard]] Result<PaymentRequest> show(PaymentRequest request);
// created, waiting -> expired, once expires_at is reached. An underpaid or doubtful request does not expire: a person
// decides.
[[nodiscard]] Result<PaymentRequest> expire(PaymentRequest request, Instant now);
// waiting -> waiting, with the end moved to `until`. Also invalid_state when that is not later.
[[nodiscard]] Result<PaymentRequest> extend(PaymentRequest request, Instant until);
// created, waiting -> cancelled.
[[nodiscard]] Result<PaymentRequest> cancel(PaymentRequest request);
// underpaid -> paid with what came; the rest is written to `waived`. The vendor's "bớt luôn".
[[nodiscard]] Result<PaymentRequest> waive_shortage(PaymentRequest request);
// created, waiting -> in_doubt: a rail that should know does not answer.
[[nodiscard]] Result<PaymentRequest> doubt(PaymentRequest request);
// in_doubt -> waiting: the rail answered that no money has come yet.
[[nodiscard]] Result<PaymentRequest> undoubt(PaymentRequest request);
// in_doubt -> failed: the rail answered that it failed for good. Money that comes after all still counts.
[[nodiscard]] Result<PaymentRequest> fail_for_good(PaymentRequest request);

// underpaid -> cancelled; the part that came is owed back to the payer. The vendor's "trả lại".
struct GivenBack {
    PaymentRequest request;
    Dong refund_due;  // to be moved from sale to refund due; > 0
};
[[nodiscard]] Result<GivenBack> give_back(PaymentRequest request);

}  // namespace cho40::qr_pay
