#pragma once
#include "adapters/postgres/connection.h"
#include "adapters/stores/journal_parts.h"
#include "ledger/state.h"

namespace cho40::stores {

struct LoadedLedger {
    ledger::State state;
    std::int64_t rows_in_open_part = 0;
};

// The posting state as the database has it: accounts with their balances at the end of the sealed parts, what is held, and
// the rows of the parts that are not sealed, played again in order. Pre: the caller holds the lease.
[[nodiscard]] boost::asio::awaitable<Result<LoadedLedger>> load_ledger(postgres::Connection& connection, std::string const& writer_group,
                                                                       std::vector<JournalPart> const& parts);

}  // namespace cho40::stores
