#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// Statements overlap: an entry of the same (account, reference) that says the same again is counted once. One that says
// something else is CONFLICTING_DUPLICATE; the first stays.
class BankLines final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "entries"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
