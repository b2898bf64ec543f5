#pragma once
#include "ledger/command.h"
#include "qr-pay/receive_credit.h"
#include <map>

namespace cho40::qr_pay {

// Two rails that tell of one transfer at one moment must not both find that nobody told it before, and two transfers that are
// alike must not both be taken for the one that another rail told. Each decision counts what is alike (account, amount, squeezed
// memo) and what was linked to it in the credit's span of time and in its neighbours, and the ledger refuses it when something
// was added to one of them meanwhile, by whichever instance. One object for what is submitted together, in order.
class TwinGuards {
public:
    // The credit becomes one of its own, or is linked to one that stands. False: what this round decided already bears on it, so
    // it has to be decided in the next.
    [[nodiscard]] bool add(ledger::Command& command, CreditFacts const& facts, BankCredit const& credit, StoredCredit const* linked_to);

private:
    struct Added {
        std::int64_t count = 0;
        std::vector<BankCredit> credits;
        bool links = false;
    };
    std::map<Uuid, Added> added_;  // by this round, which the database does not show yet
};

}  // namespace cho40::qr_pay
