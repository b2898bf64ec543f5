#pragma once
#include "apps/cli/bench/figure.h"
#include "apps/cli/bench/ledger_stage.h"

namespace cho40::cli::bench {

// Statements of 200 lines at random accounts and places of what the engine has posted, sealed parts and open ones, and of one
// account that every other row touches. Pre: the engine is filled.
void measure_statements(Database& database, Engine& engine, std::vector<Figure>& figures);

}  // namespace cho40::cli::bench
