#pragma once
#include "ledger/command.h"

namespace cho40::ledger {

// What an interface wants to be written in the same transaction as a use case's effect, whatever the effect is: the
// answer kept under an idempotency key, an audit entry. Called with what the use case made, just before it is submitted.
template <class Made>
struct Extra {
    std::vector<Guard> guards;
    std::function<std::vector<std::shared_ptr<AttachedRow const>>(Made const&)> rows;

    void add_to(Command& command, Made const& made) const
    {
        command.guards.insert(command.guards.end(), guards.begin(), guards.end());
        if (!rows) return;
        auto more = rows(made);
        command.rows.insert(command.rows.end(), more.begin(), more.end());
    }
};

}  // namespace cho40::ledger
