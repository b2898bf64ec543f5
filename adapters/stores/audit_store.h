#pragma once
#include "adapters/identity/audit.h"
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"

namespace cho40::stores {

// Teaches the journal to write identity::AuditEntry. The table is only ever inserted into.
void add_audit_writers(RowWriters& writers);

struct AuditFilter {
    std::optional<Uuid> actor;
    std::optional<Uuid> target;
    std::string act;                   // empty: all
    std::optional<Instant> from;       // inclusive
    std::optional<Instant> to;         // exclusive
    std::optional<Uuid> before;        // keyset: entries older than this one
    int limit = 50;
};

struct AuditLine {
    identity::AuditEntry entry;
    std::string actor_name;  // as it is today; empty for the system
};

class AuditStore {
public:
    explicit AuditStore(postgres::Pool& pool) : pool_(pool) {}

    // Newest first, of all books.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<AuditLine>>> list(AuditFilter filter);

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
