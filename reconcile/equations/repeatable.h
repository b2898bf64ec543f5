#pragma once
#include "reconcile/pool.h"
#include <future>
#include <optional>

namespace cho40::reconcile {

// 6. The same records in another order come to the same: every record, batch, break and total of a second run over them
// in reversed order is compared with the first. Where there are many the second run goes on beside the first.
class Repeatable {
public:
    [[nodiscard]] static constexpr std::string_view name() { return "repeatable"; }

    // Both must outlive this.
    Repeatable(RunInput const& input, Settings const& settings);

    // What differs; nothing when nothing does. To be called once. Errors: those of the rules.
    [[nodiscard]] Result<std::optional<std::string>> broken(Pool const& first);

private:
    RunInput reversed_;
    std::future<Result<Pool>> second_;  // looks at reversed_, so it ends first
};

}  // namespace cho40::reconcile
