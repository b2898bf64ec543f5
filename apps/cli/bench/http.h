#pragma once
#include "apps/cli/bench/figure.h"

namespace cho40::cli::bench {

// Notifications of payOS per second, end to end (HTTP in, verified, durable, matched, posted) at 64 connections, beside
// /healthz of the same server; start to ready; memory.
[[nodiscard]] std::vector<Figure> bench_http(bool quick);

}  // namespace cho40::cli::bench
