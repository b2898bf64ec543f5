#pragma once
#include "apps/cli/bench/timed_command.h"
#include <optional>

namespace cho40::cli::bench {

// The least that could be done with a day's files: read, sorted, joined on the key, written. No rule is applied.
class ReconFloor {
public:
    // `duckdb`: a folder with DuckDB's npm package, or under which npm put it; empty: the working folder and the home
    // folder are looked at.
    explicit ReconFloor(std::string const& duckdb);

    // coreutils: each file sorted, ledger and provider lines joined both ways on the provider's transaction.
    [[nodiscard]] TimedRun sort_and_join(std::filesystem::path const& day, std::filesystem::path const& out) const;

    [[nodiscard]] bool has_duckdb() const { return !package_.empty(); }
    // A full outer join of the ledger with lines and entries, on the provider's transaction and the order code. Pre:
    // has_duckdb().
    [[nodiscard]] TimedRun duckdb_join(std::filesystem::path const& day, std::filesystem::path const& out) const;

private:
    std::filesystem::path package_;
};

}  // namespace cho40::cli::bench
