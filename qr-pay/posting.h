#pragma once
#include "qr-pay/receive_credit.h"

namespace cho40::qr_pay {

// One part of a decision as a transfer out of the owner's bank account. `part` numbers the parts of one credit, so that
// a retry makes the same ids.
[[nodiscard]] ledger::Transfer transfer_for(Booking const& booking, std::size_t part, ledger::AccountKind debit, ledger::AccountKind credit,
                                            ledger::TransferCode code, Dong amount);

}  // namespace cho40::qr_pay
