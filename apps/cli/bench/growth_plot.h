#pragma once
#include <string>
#include <vector>

namespace cho40::cli::bench {

struct GrowthPoint {
    double lines = 0;
    double seconds = 0;
    double cpu_seconds = 0;  // of all threads: what growth is judged by, for other work on the machine leaves it alone
    double peak_memory_bytes = 0;
};

// CPU time of n log n, scaled so that it goes through the point at `through`.
[[nodiscard]] double n_log_n(GrowthPoint const& through, double lines);

// An SVG picture of the points on logarithmic axes, beside n log n through the first of them. Pre: two points or more,
// ascending by lines.
[[nodiscard]] std::string growth_svg(std::vector<GrowthPoint> const& points);

}  // namespace cho40::cli::bench
