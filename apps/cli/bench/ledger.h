#pragma once
#include "apps/cli/bench/figure.h"

namespace cho40::cli::bench {

[[nodiscard]] std::vector<Figure> bench_ledger(bool quick);

}  // namespace cho40::cli::bench
