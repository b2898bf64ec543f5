#pragma once
#include "apps/cli/bench/figure.h"

namespace cho40::cli::bench {

// Notifications of payOS verified, stored, matched and posted end to end at 64 connections, beside /healthz of the same server;
// how long one takes at half the bar's rate.
[[nodiscard]] std::vector<Figure> bench_rails(bool quick);

}  // namespace cho40::cli::bench
