#pragma once
#include "apps/cli/bench/figure.h"
#include <cstdint>
#include <string>

namespace cho40::cli::bench {

struct ReconBench {
    std::int64_t rows = 0;       // provider lines, and at least as many ledger records; 0: 1,000,000, quick 20,000
    std::string duckdb;          // folder with DuckDB's npm package, or under which npm put it; empty: looked for
    std::int64_t growth_to = 0;  // lines of all files together up to which growth is measured; 0: 2,000,000, quick 80,000
    std::string plot;            // SVG file for the growth; empty: none
};

// `cho40 recon run` over a generated day, files to answer, beside the floor in the same run: the same files sorted and
// joined on the key by coreutils sort and join, and by DuckDB. Then the same over days of growing size, and the fee
// engine on one core. Stops the command when an answer is not the one the day was made with.
[[nodiscard]] std::vector<Figure> bench_recon(bool quick, ReconBench const& bench);

}  // namespace cho40::cli::bench
