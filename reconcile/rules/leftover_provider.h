#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// What no rule claimed between ledger and provider: missing at the provider once the covering files are in (waiting
// before that, with one FILE_LATE for each overdue file), missing here, or the second payment of an order.
class LeftoverProvider final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "leftover provider"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
