#pragma once
#include "reconcile/equations/equation.h"

namespace cho40::reconcile {

// 2. Each batch: net = gross - fees. Settled by S1 or S3: net = entries. By S2: net + delta = entries.
class BatchSums final : public Equation {
public:
    [[nodiscard]] std::string_view name() const override { return "batch sums"; }
    [[nodiscard]] int number() const override { return 2; }
    [[nodiscard]] Result<EquationFigures> figures(Pool const& pool) const override;
    [[nodiscard]] Result<std::optional<std::string>> broken(Pool const& pool) const override;
};

}  // namespace cho40::reconcile
