#pragma once
#include "adapters/postgres/statement.h"
#include "adapters/stores/row_writers.h"
#include "ledger/state.h"

namespace cho40::stores {

// Which batch of which writer: how a lost answer is cleared up, and what fences an old writer.
struct BatchKey {
    std::string writer_group;
    std::int64_t epoch = 0;
    std::int64_t batch_no = 0;
};

// Everything a batch makes durable, as statements that travel together: one transaction, one round trip. The first of
// them share-locks the lease and fails (not_null_violation) when it is no longer of this epoch, and then nothing of the
// batch happens. Pre: each attached row has a writer (checked).
[[nodiscard]] postgres::Segment batch_segment(BatchKey const& key, ledger::Batch const& batch, RowWriters const& writers);

}  // namespace cho40::stores
