#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// Entries in another currency than đồng leave the pool first: their amounts compare with nothing. CURRENCY_MISMATCH.
class Currency final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "currency"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
