#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// X: an entry with the reversal flag undoes the entry it names, else the latest earlier one of opposite direction, same
// amount and same counterparty. Both leave the pool as BANK_REVERSED; what the undone entry paid is unpaid again. A
// debit of equal amount without the flag undoes nothing.
class BankReversal final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "X"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
