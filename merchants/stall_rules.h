#pragma once
#include "qr-pay/receive_credit.h"

namespace cho40::merchants {

// What a credit means to a stall's accounts: its bank account is debited; sales, nameless sales or the debt to the payer
// is credited, one transfer for each part of the decision. Pure.
class StallRules final : public qr_pay::PayeeRules {
public:
    [[nodiscard]] boost::asio::awaitable<Result<qr_pay::Consequences>> consequences(qr_pay::Booking booking) override;
};

}  // namespace cho40::merchants
