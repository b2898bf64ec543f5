#pragma once
#include "reconcile/pool.h"

namespace cho40::reconcile {

// One rule: it may claim only records that no stronger rule has claimed, and looks at them in the pool's order.
class Rule {
public:
    virtual ~Rule() = default;
    // The name of the rule as it stands in matches ("R1"), or what the step does where it makes none.
    [[nodiscard]] virtual std::string_view name() const = 0;
    // Errors: amount_overflow.
    [[nodiscard]] virtual Result<Done> apply(Pool& pool) const = 0;
};

// The rules of a run, strongest first within their side; later rules count on what earlier ones did.
[[nodiscard]] std::vector<std::unique_ptr<Rule const>> const& rules_in_order();

}  // namespace cho40::reconcile
