#pragma once
#include "adapters/identity/audit.h"
#include "adapters/postgres/statement.h"
#include <span>

namespace cho40::stores {

inline constexpr postgres::Statement insert_audit_entries{
    "audit_insert", "INSERT INTO audit_entry (book_id, audit_id, at, actor_kind, actor_id, actor_role, act, target_kind, target, outcome, "
                    "  request_id, details) "
                    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::timestamptz[], $4::text[], $5::uuid[], $6::text[], $7::text[], "
                    "  $8::text[], $9::uuid[], $10::text[], $11::text[], $12::jsonb[])"};

// The parameters of insert_audit_entries.
[[nodiscard]] postgres::Params audit_params(std::span<identity::AuditEntry const* const> entries);

// Adds the entry to a segment that is written outside the ledger's commands.
void add_audit(postgres::Segment& segment, identity::AuditEntry const& entry);

}  // namespace cho40::stores
