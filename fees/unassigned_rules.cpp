#include "fees/unassigned_rules.h"
#include "qr-pay/posting.h"

namespace cho40::fees {

boost::asio::awaitable<Result<qr_pay::Consequences>> UnassignedRules::consequences(qr_pay::Booking booking)
{
    using enum ledger::AccountKind;
    qr_pay::Consequences out;
    for (auto const& part : booking.decision.allocations) {
        out.transfers.push_back(
            qr_pay::transfer_for(booking, out.transfers.size(), bank, unassigned, ledger::TransferCode::fee_unassigned, part.amount));
    }
    co_return out;
}

}  // namespace cho40::fees
