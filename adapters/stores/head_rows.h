#pragma once
#include "adapters/postgres/rows.h"
#include "ledger/signed_head.h"

namespace cho40::stores {

// The columns of a signed head as read_head() wants them, for SELECT lists; `h` is the table's alias.
#define CHO40_HEAD_COLUMNS "h.book_id, h.size, h.root, h.previous, h.at, h.key_id, h.signature"

[[nodiscard]] ledger::SignedHead read_head(postgres::Row const& row);

}  // namespace cho40::stores
