#pragma once
#include "qr-pay/receive_credit.h"

namespace cho40::qr_pay {

// What a transfer is to the refunds it may name.
struct RefundSettlement {
    InboxOutcome outcome = InboxOutcome::money_out;
    std::optional<StoredRefund> refund;     // the one it names, as it stood
    std::optional<StoredRefund> after;       // and as it stands then, when it pays it or sends it back
    std::optional<ledger::Command> command;
    Match match;
};

[[nodiscard]] RefundTransfer transfer_told(BankCredit const& credit);

// By the code in the memo (or echoed by the provider), as credits are matched:
//
//   one refund, due, in doubt or sent, of exactly this amount     it is done                                   refund_paid
//   it was paid by this very transfer, told again                 nothing more happens                         repeated, linked
//   it came back before any rail told of it                       nothing more happens                         linked
//   another amount, another state, two refunds, a code nearly     it is noted with the refund, a person        refund_differs
//   whole                                                         decides
//   no code of a refund                                           money out like any other                     money_out
//
// Pre: credit.direction is out.
[[nodiscard]] RefundSettlement settle_refund(Notification const& notification, std::span<RefundFacts const> refunds, Instant now,
                                             Random& random);

}  // namespace cho40::qr_pay
