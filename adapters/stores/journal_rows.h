#pragma once
#include "adapters/postgres/copy.h"
#include "adapters/postgres/rows.h"
#include "ledger/transfer.h"

namespace cho40::stores {

// The columns of a journal row as read_journal_row() wants them, for SELECT lists; `j` is the journal's alias.
#define CHO40_JOURNAL_COLUMNS                                                                                                              \
    "j.book_id, j.seq, j.transfer_id, j.debit_account, j.credit_account, j.amount, j.debit_balance, j.credit_balance, j.event_at, "        \
    "j.recorded_at, j.code, j.kind, j.reference, j.pending_id, j.expires_at"

[[nodiscard]] ledger::JournalRow read_journal_row(postgres::Row const& row);

// Kind and flags share a column.
[[nodiscard]] std::int16_t kind_column(ledger::Transfer const& transfer);

// The same rows in the form COPY takes, with the part they go to.
inline constexpr int journal_copy_columns = 16;
inline constexpr char journal_copy_list[] =
    "book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, event_at, recorded_at, part, code, "
    "kind, reference, pending_id, expires_at";
void add_journal_row(postgres::CopyRows& rows, ledger::JournalRow const& row, std::int16_t part);

}  // namespace cho40::stores
