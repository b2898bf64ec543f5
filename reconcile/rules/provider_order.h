#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// R2: the ledger row has no provider id; same order code, kind and amount, at most order_window apart, in ascending
// time. Rows and lines that agree on success pair first, so a failed attempt does not take the line of the good one.
class ProviderOrder final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "R2"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
