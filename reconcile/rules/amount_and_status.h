#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// After pairing: AMOUNT_MISMATCH where both sides, or the outside alone, say the money moved and the sums differ;
// STATUS_MISMATCH where one side says paid and the other does not.
class AmountAndStatus final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "compare"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
