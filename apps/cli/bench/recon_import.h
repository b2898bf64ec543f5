#pragma once
#include "apps/cli/bench/figure.h"
#include <filesystem>
#include <vector>

namespace cho40::cli::bench {

// A provider's file sent to a private service, packed, and sent once more: how long each takes. The second must add
// nothing to any table of files; stops the command with Exit::negative when it does. `packed` is where the packed file may lie.
[[nodiscard]] std::vector<Figure> bench_import(std::filesystem::path const& provider_csv, std::filesystem::path const& packed, bool whole);

}  // namespace cho40::cli::bench
