#pragma once
#include "reconcile/engine.h"
#include <optional>

namespace cho40::reconcile {

// 6. The same records in another order give the same result, to the byte.
class Repeatable {
public:
    [[nodiscard]] static constexpr std::string_view name() { return "repeatable"; }
    // Runs the rules again over the records in reversed order. Errors: those of the rules.
    [[nodiscard]] Result<std::optional<std::string>> broken(RunInput const& input, Settings const& settings, RunResult const& result) const;
};

}  // namespace cho40::reconcile
