#include "tests/model/report.h"
#include "tests/model/rehearsal.h"
#include "tests/model/shrink.h"
#include <fmt/format.h>

namespace cho40::tests::model {

std::string report(Plan const& plan, std::size_t commands, std::string const& difference)
{
    auto const small = shrink(plan, [](Plan const& p) { return rehearse_in_memory(p).has_value(); });
    auto const last = rehearse_in_memory(small).value_or("");
    return fmt::format("seed {}: {}\nAgain: tests/model/run --from-seed {} --seeds 1 --commands {}\nShrunk to {} steps: {}\n{}\n",
                       plan.seed, difference, plan.seed, commands, small.steps.size(), last, to_cpp(small));
}

}  // namespace cho40::tests::model
