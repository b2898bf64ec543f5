#pragma once
#include "reconcile/equations/equation.h"

namespace cho40::reconcile {

// 1. Through the provider: ledger succeeded (payments - refunds) + deltas of AMOUNT_MISMATCH, MISSING_INTERNAL,
// MISSING_AT_PROVIDER and DUPLICATE_PAYMENT + amounts of STATUS_MISMATCH paid only there - those paid only here -
// waiting = active lines (payments - refunds).
class ProviderChannel final : public Equation {
public:
    [[nodiscard]] std::string_view name() const override { return "provider channel"; }
    [[nodiscard]] int number() const override { return 1; }
    [[nodiscard]] Result<EquationFigures> figures(Pool const& pool) const override;
    [[nodiscard]] Result<std::optional<std::string>> broken(Pool const& pool) const override;
};

}  // namespace cho40::reconcile
