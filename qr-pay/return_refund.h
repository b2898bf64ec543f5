#pragma once
#include "qr-pay/settle_refund.h"

namespace cho40::qr_pay {

// What money in is to the refunds it may name: a bank that cannot deliver a transfer sends it back, with its memo or its reference
// in the narrative.
//
//   exactly the amount of one refund, due, in doubt, sent or done  it is returned: its money stands where it stood   refund_returned
//   it was returned by this very transfer, told again              nothing more happens                              repeated, linked
//   anything else that names a refund                              money like any other, noted with the refund       refund_differs
//
// Nothing when it names none. What names a payment request too is that request's, unless it was told before.
// Pre: credit.direction is in.
[[nodiscard]] std::optional<RefundSettlement> settle_return(Notification const& notification, std::span<RefundFacts const> refunds,
                                                            Instant now, Random& random);

}  // namespace cho40::qr_pay
