#pragma once
#include "qr-pay/receive_credit.h"

namespace cho40::fees {

// Money to an agency that names no notice: it stands as a debt until somebody finds out what it is for. Pure.
class UnassignedRules final : public qr_pay::PayeeRules {
public:
    [[nodiscard]] boost::asio::awaitable<Result<qr_pay::Consequences>> consequences(qr_pay::Booking booking) override;
};

}  // namespace cho40::fees
