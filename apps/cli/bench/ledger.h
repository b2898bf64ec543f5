#pragma once
#include "apps/cli/bench/figure.h"
#include <string>

namespace cho40::cli::bench {

// Of the parts `only` names, or of all when it names none.
[[nodiscard]] std::vector<Figure> bench_ledger(bool quick, std::vector<std::string> const& only);
[[nodiscard]] std::vector<std::string> ledger_parts();

}  // namespace cho40::cli::bench
