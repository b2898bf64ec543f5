#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// S3: the entry names no batch, comes from a known counterparty, has exactly the net of a batch and is booked 0 to
// unnamed_settlement_days after its settlement date; one candidate on both sides, else AMBIGUOUS.
class SettlementUnnamed final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "S3"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
