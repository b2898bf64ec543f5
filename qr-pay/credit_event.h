#pragma once
#include "base/uuid.h"
#include "ledger/command.h"
#include "qr-pay/credit_decision.h"
#include "qr-pay/records.h"

namespace cho40::qr_pay {

// What whoever is paid hears when a credit was decided.
[[nodiscard]] ledger::Event credit_event(Uuid id, Uuid stream, Id<CreditTag> credit, BankCredit const& told,
                                         CreditDecision const& decision);

}  // namespace cho40::qr_pay
