#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// Finds the active lines: the first of each (provider_txn_id, kind) over all files in force, when successful. A later
// line of the same key is DUPLICATE_PROVIDER_LINE (same content, dropped) or CONFLICTING_DUPLICATE (other content: the
// first stays). Then adds the active lines up to settlement batches.
class ProviderLines final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "lines"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
