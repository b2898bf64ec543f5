#pragma once
#include "reconcile/rules/rule.h"

namespace cho40::reconcile {

// R1: same provider_txn_id and kind.
class ProviderTxn final : public Rule {
public:
    [[nodiscard]] std::string_view name() const override { return "R1"; }
    [[nodiscard]] Result<Done> apply(Pool& pool) const override;
};

}  // namespace cho40::reconcile
