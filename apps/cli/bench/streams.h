#pragma once
#include "apps/cli/bench/figure.h"
#include <cstddef>

namespace cho40::cli::bench {

// Event streams of one stall, all open at once: what each costs the service in memory, and how long after a bank's
// notification was sent each viewer has the payment's event. Quick: a tenth of the viewers, fewer payments.
[[nodiscard]] std::vector<Figure> bench_streams(bool quick, std::size_t streams);

}  // namespace cho40::cli::bench
