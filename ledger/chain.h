#pragma once
#include "ledger/transfer.h"

namespace cho40::ledger {

// The hash chain of a book: chain(n) = SHA-256(chain(n-1) || bytes(row n)), chain(0) = 32 zero bytes. Changing,
// dropping or inserting a row anywhere changes every later link.
//
// bytes(row), integers big-endian two's complement:
//   book 8 | seq 8 | id 16 | debit 8 | credit 8 | amount 8 | debit balance 8 | credit balance 8 | code 4 |
//   event_at 8 (microseconds since 1970 UTC) | recorded_at 8 | length of reference 4 | reference (UTF-8)
[[nodiscard]] std::string chain_bytes(JournalRow const& row);
[[nodiscard]] Sha256 chain_link(Sha256 const& previous, JournalRow const& row);

}  // namespace cho40::ledger
