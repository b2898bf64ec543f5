#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// What no rule claimed at the bank: batches and direct transfers wait until the statement after their settlement day is
// in, then are MISSING_AT_BANK; entries are DUPLICATE_PAYMENT, wait for a provider file, or BANK_UNIDENTIFIED.
class LeftoverBank final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "leftover bank"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
