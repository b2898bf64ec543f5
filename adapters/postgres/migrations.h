#pragma once
#include "adapters/postgres/connection.h"
#include "base/result.h"
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::postgres {

// A numbered .sql file of adapters/postgres/migrations, part of the binary. Each runs in a transaction of its own,
// unless its first line is `-- no-transaction`: then its statements, parted by lines that say only `-- next`, are sent
// one by one, and each must bear being run again (CREATE INDEX CONCURRENTLY IF NOT EXISTS).
struct Migration {
    int number;
    std::string_view name;  // "0001_ledger.sql"
    std::string_view sql;
};

// The files of this build, by number.
[[nodiscard]] std::span<Migration const> embedded_migrations();

// Applies what is missing, in order. One runner at a time through a lease row in schema_migration_lease: a second one
// waits until the first is done or its lease has run out. Each applied file is recorded with its SHA-256 in
// schema_migration. The names of the files applied now.
// Errors: invalid_config when an applied file has changed since, or when the database and this build have files the
// other lacks in between (a newer program's files after our last are allowed) - the text names the file; unavailable;
// internal_error with the file's name and SQLSTATE when a file is refused.
[[nodiscard]] boost::asio::awaitable<Result<std::vector<std::string>>> migrate(
    boost::asio::any_io_executor executor, SharedConnectionInfo info, std::span<Migration const> files = embedded_migrations(),
    std::chrono::milliseconds patience = std::chrono::minutes(5));

// Names of files that are not applied yet (for /readyz); empty when the schema is current. Errors as above.
[[nodiscard]] boost::asio::awaitable<Result<std::vector<std::string>>> pending_migrations(
    boost::asio::any_io_executor executor, SharedConnectionInfo info, std::span<Migration const> files = embedded_migrations());

}  // namespace cho40::postgres
