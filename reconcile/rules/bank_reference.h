#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// B0: a rail told the bank's own reference of a transfer, and an entry of that account carries it. Finds money whose
// payer wrote no code, or a wrong one. References are compared squeezed, in the same account; a reference that two rows
// or two entries have proves nothing and is left to the other rules.
class BankReference final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "B0"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
