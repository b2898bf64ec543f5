#pragma once
#include "fees/ports.h"
#include "fees/records.h"
#include "qr-pay/make_refund.h"
#include <span>

namespace cho40::fees {

// What an agency gives back of a notice: so much of each line of its receipts, and of what was paid too much.
struct NoticeRefundWish {
    struct Line {
        Id<Receipt> receipt;
        std::int32_t line = 0;  // from 1, as they are printed
        Dong amount;
    };
    std::vector<Line> lines;
    Dong surplus;   // 0 for none
    Dong expected;  // what the one who asks believes can still be refunded
};

// All that a notice's refunds are decided by.
[[nodiscard]] qr_pay::RefundBasis refund_basis(NoticeWithAgency const& notice, std::span<qr_pay::StoredRefund const> refunds);

// What of a line no refund holds.
[[nodiscard]] Dong refundable_of_line(Receipt const& receipt, std::int32_t line, std::span<qr_pay::StoredRefund const> refunds);

// The wish as an order: its amount, and what is taken from phí and from lệ phí. Errors: invalid_state (the notice is not paid, or
// the receipt does not count any more), not_found (no such receipt or line), validation_failed (a line named twice, nothing named),
// amount_exceeds_refundable; with the place in the body.
[[nodiscard]] Result<qr_pay::RefundOrder> order_of(NoticeRefundWish const& wish, NoticeWithAgency const& notice,
                                                   std::span<Receipt const> receipts, std::span<qr_pay::StoredRefund const> refunds);

// What a refund that is paid, or was paid and is sent back, means to its notice and receipts: the notice's sums and state, one entry
// on each receipt, an event for the citizen's page. Other steps mean nothing to them.
[[nodiscard]] Result<qr_pay::Consequences> consequences_for(qr_pay::RefundStep const& step, StoredNotice const& notice, Instant now,
                                                            Random& random);

}  // namespace cho40::fees
