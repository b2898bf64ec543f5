#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// S1: all entries that name the batch add up to its net. S2: they name it and the sum differs, which is
// SETTLEMENT_AMOUNT_MISMATCH. An entry that names several batches is AMBIGUOUS.
class SettlementNamed final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "S1"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
