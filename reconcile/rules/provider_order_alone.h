#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// R3: same order code and kind, exactly one left on each side. A failed attempt beside them does not count as left.
class ProviderOrderAlone final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "R3"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
