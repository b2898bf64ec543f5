#pragma once
#include "adapters/postgres/statement.h"
#include "adapters/stores/row_writers.h"
#include "ledger/state.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::stores {

// Which batch of which writer: how a lost answer is cleared up, and what fences an old writer.
struct BatchKey {
    std::string writer_group;
    std::int64_t epoch = 0;
    std::int64_t batch_no = 0;
};

// What a batch makes durable, in the order it is written. The first statement share-locks the lease and fails
// (not_null_violation) when it is no longer of this epoch, and then nothing of the batch happens.
// Pre: each attached row has a writer (checked).
//
// A small batch is one segment: one transaction, one round trip.
[[nodiscard]] postgres::Segment batch_segment(BatchKey const& key, ledger::Batch const& batch, std::int16_t part,
                                              RowWriters const& writers);

// A large one is BEGIN, the first statement, COPY of the journal's rows, the rest, COMMIT.
[[nodiscard]] postgres::Segment batch_opening(BatchKey const& key, ledger::Batch const& batch);
[[nodiscard]] std::vector<std::string> batch_copy_rows(ledger::Batch const& batch, std::int16_t part);
// The same, with turns for the loop in between.
[[nodiscard]] boost::asio::awaitable<std::vector<std::string>> batch_copy_rows_by_turns(std::shared_ptr<ledger::Batch const> batch,
                                                                                        std::int16_t part);
[[nodiscard]] postgres::Segment batch_rest(ledger::Batch const& batch, RowWriters const& writers);

}  // namespace cho40::stores
