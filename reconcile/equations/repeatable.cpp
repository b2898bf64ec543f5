#include "reconcile/equations/repeatable.h"
#include "reconcile/beside.h"
#include "reconcile/run_rules.h"
#include <algorithm>

namespace cho40::reconcile {

Repeatable::Repeatable(RunInput const& input, Settings const& settings) : reversed_(input)
{
    std::ranges::reverse(reversed_.internal);
    std::ranges::reverse(reversed_.provider);
    std::ranges::reverse(reversed_.bank);
    std::ranges::reverse(reversed_.balances);
    std::ranges::reverse(reversed_.held);
    second_ = beside(reversed_, [this, &settings] { return run_rules(reversed_, settings); });
}

Result<std::optional<std::string>> Repeatable::broken(Pool const& first)
{
    CHO_TRY(auto const second, second_.get());
    if (first.same_outcome(second)) return std::nullopt;
    return "the run and a second one over the same records in another order come to different results";
}

}  // namespace cho40::reconcile
