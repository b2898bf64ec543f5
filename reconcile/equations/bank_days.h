#pragma once
#include "reconcile/equations/equation.h"

namespace cho40::reconcile {

// 3. Each statement: opening + credits - debits = closing = opening of the statement that follows it; and every booked
// entry is in exactly one place.
class BankDays final : public Equation {
public:
    [[nodiscard]] std::string_view name() const override { return "bank days"; }
    [[nodiscard]] int number() const override { return 3; }
    [[nodiscard]] Result<EquationFigures> figures(Pool const& pool) const override;
    [[nodiscard]] Result<std::optional<std::string>> broken(Pool const& pool) const override;
};

}  // namespace cho40::reconcile
