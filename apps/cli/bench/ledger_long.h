#pragma once
#include "apps/cli/bench/figure.h"
#include "apps/cli/bench/ledger_stage.h"

namespace cho40::cli::bench {

// Millions of transfers into one book: what the last million costs beside the first, statements from all of them, and how
// long the service takes to be ready on them after it was killed.
void measure_long_run(PrivateInstallation& installation, Database& database, std::size_t millions, std::vector<Figure>& figures);

// The same rounds with the notary (hashing every row, signing a head each second) and without.
void measure_merkle(Database& database, std::size_t rounds, std::size_t transfers, std::vector<Figure>& figures);

}  // namespace cho40::cli::bench
