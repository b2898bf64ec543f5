#pragma once
#include "apps/cli/bench/figure.h"

namespace cho40::cli::bench {

// On one core, no database: payloads decoded, payloads made and drawn, order codes found in narratives; each beside what its
// innermost step alone allows.
[[nodiscard]] std::vector<Figure> bench_qr(bool quick);

}  // namespace cho40::cli::bench
