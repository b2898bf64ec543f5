#pragma once
#include "adapters/postgres/rows.h"
#include "fees/records.h"

namespace cho40::stores {

// Rows of CHO40_RECEIPT_SELECT (fees_statements.h).
[[nodiscard]] fees::StoredReceipt read_stored_receipt(postgres::Row const& row);
[[nodiscard]] fees::Receipt read_receipt(postgres::Row const& row);

}  // namespace cho40::stores
