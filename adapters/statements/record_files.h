#pragma once
#include "adapters/statements/csv_records.h"
#include "reconcile/records.h"
#include <string>
#include <vector>

// Each kind of file is read from blocks of it (the readers) or at once.
namespace cho40::statements {

// internal.csv: payment_id, type (PAYMENT, REFUND), parent_id, order_ref, provider_txn_id, amount_vnd, status (SUCCEEDED,
// PENDING, FAILED), event_at (UTC), payer_key, channel (PSP, BANK). The payer's key is not kept.
// Errors: invalid_csv, invalid_utf8, invalid_input, invalid_date, with pointer "line N".
[[nodiscard]] CsvRecords<reconcile::InternalRecord> internal_csv_reader(std::uint64_t bytes_in_all = 0);
[[nodiscard]] Result<std::vector<reconcile::InternalRecord>> read_internal_csv(std::string_view bytes);
[[nodiscard]] std::string write_internal_csv(std::vector<reconcile::InternalRecord> const& records);

// bank.csv: account, entry_ref, booking_date, value_date, booked_at (local), direction (CRDT, DBIT), amount_vnd, reversal
// (0, 1), counterparty, narrative. Errors as above.
[[nodiscard]] CsvRecords<reconcile::BankEntry> bank_csv_reader(std::uint64_t bytes_in_all = 0);
[[nodiscard]] Result<std::vector<reconcile::BankEntry>> read_bank_csv(std::string_view bytes);
[[nodiscard]] std::string write_bank_csv(std::vector<reconcile::BankEntry> const& entries);

}  // namespace cho40::statements
