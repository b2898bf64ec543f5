#pragma once
#include "apps/cli/database.h"
#include "base/secret.h"

namespace cho40::cli::bench {

// A key with every scope, written into the database.
[[nodiscard]] Secret make_api_key(Database& database, std::string const& installation_key);

}  // namespace cho40::cli::bench
