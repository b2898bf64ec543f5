#pragma once
#include "qr-pay/receive_credit.h"

namespace cho40::qr_pay {

// Which request a credit is for, by the rules of match.h in their order.
struct FoundRequest {
    std::optional<StoredRequest> request;
    std::optional<Id<PaymentRequest>> suggested;            // for a person to confirm; never together with `request`
    CreditReason why_none = CreditReason::nameless;         // of no request
    Match match;
};

[[nodiscard]] FoundRequest find_request(BankCredit const& credit, CreditFacts const& facts);

}  // namespace cho40::qr_pay
