#include "reconcile/equations/repeatable.h"
#include "base/digest.h"
#include "reconcile/run_rules.h"
#include <algorithm>

namespace cho40::reconcile {

Result<std::optional<std::string>> Repeatable::broken(RunInput const& input, Settings const& settings, RunResult const& result) const
{
    RunInput reversed = input;
    std::ranges::reverse(reversed.internal);
    std::ranges::reverse(reversed.provider);
    std::ranges::reverse(reversed.bank);
    std::ranges::reverse(reversed.balances);
    std::ranges::reverse(reversed.held);
    CHO_TRY(auto const pool, run_rules(reversed, settings));
    auto const first = to_hex(sha256(canonical_text(result)));
    auto const again = to_hex(sha256(canonical_text(pool.result)));
    if (first == again) return std::nullopt;
    return "first run " + first + ", run over the same records in another order " + again;
}

}  // namespace cho40::reconcile
