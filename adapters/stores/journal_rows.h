#pragma once
#include "adapters/postgres/rows.h"
#include "ledger/transfer.h"

namespace cho40::stores {

// The columns of a journal row, without where it lies. Columns and reader belong together: the reader counts on their order,
// from the first column of the statement's row.
#define CHO40_JOURNAL_COLUMNS                                                                                                              \
    "book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, event_at, recorded_at, code, kind, " \
    "flags, reference, pending_id, expires_at"
inline constexpr int journal_columns = 16;
[[nodiscard]] ledger::JournalRow read_journal_row(postgres::Row const& row);

}  // namespace cho40::stores
