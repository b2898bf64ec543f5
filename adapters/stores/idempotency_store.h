#pragma once
#include "adapters/identity/idempotency.h"
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"

namespace cho40::stores {

// Teaches the journal to write identity::IdempotencyRow.
void add_idempotency_writers(RowWriters& writers);

class IdempotencyStore final : public identity::IdempotencyRecords {
public:
    explicit IdempotencyStore(postgres::Pool& pool) : pool_(pool) {}

    boost::asio::awaitable<Result<std::optional<identity::IdempotencyRecord>>> find(Uuid principal, std::string key) override;
    boost::asio::awaitable<Result<Done>> replayed(ledger::BookId book, Uuid principal, std::string key) override;
    boost::asio::awaitable<Result<std::int64_t>> sweep(Instant replay_until, Instant forget_until, int limit) override;

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
