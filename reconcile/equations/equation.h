#pragma once
#include "reconcile/pool.h"
#include <optional>

namespace cho40::reconcile {

// A law of the day. It is computed from the records and the result, not from what the rules remember, so that a rule
// that loses money is found out. When one does not hold the run stops.
class Equation {
public:
    virtual ~Equation() = default;
    [[nodiscard]] virtual std::string_view name() const = 0;
    // Its number in the fees reference §8.8.
    [[nodiscard]] virtual int number() const = 0;
    // Both sides over the whole pool, for the day sheet. Error: amount_overflow.
    [[nodiscard]] virtual Result<EquationFigures> figures(Pool const& pool) const = 0;
    // What does not hold, with its figures in words an auditor understands; nothing when it holds.
    // Error: amount_overflow.
    [[nodiscard]] virtual Result<std::optional<std::string>> broken(Pool const& pool) const = 0;
};

}  // namespace cho40::reconcile
