#pragma once
#include "ledger/command.h"
#include "qr-pay/receive_credit.h"
#include <map>

namespace cho40::qr_pay {

// Two rails that tell of one transfer at one moment must not both find that nobody told it before. Each decision counts what is
// alike (account, amount, squeezed memo) in the credit's span of time and in its neighbours, and the ledger refuses it when
// something was added to one of them meanwhile, by whichever instance. One object for what is submitted together, in order.
class TwinGuards {
public:
    // False: another rail's credit in this round may be the same transfer, so this one has to be decided after it.
    [[nodiscard]] bool add(ledger::Command& command, CreditFacts const& facts, BankCredit const& credit);

private:
    struct Added {
        std::int64_t count = 0;
        std::vector<BankCredit> credits;
    };
    std::map<Uuid, Added> added_;  // by this round, which the database does not show yet
};

}  // namespace cho40::qr_pay
