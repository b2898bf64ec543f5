#pragma once
#include "apps/cli/bench/figure.h"

namespace cho40::cli::bench {

// Fees assessed per second on one core, over every fee of the schedule in turn, by both channels and with a relief asked for.
[[nodiscard]] std::vector<Figure> bench_fees(bool quick);

}  // namespace cho40::cli::bench
