#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "ledger/between_books.h"

namespace cho40::stores {

// Teaches the journal to write what leaves a book for another, what was decided of it there, and how it ended.
void add_movement_writers(RowWriters& writers);

// Tables between_books and between_books_decision.
class MovementStore final : public ledger::MovementStore {
public:
    MovementStore(postgres::Pool& pool, std::string writer_group) : pool_(pool), group_(std::move(writer_group)) {}

    [[nodiscard]] Answer<std::optional<ledger::MovementDecided>> decision(ledger::Movement movement) override;
    [[nodiscard]] Answer<std::optional<ledger::MovementReport>> find(ledger::BookId from, Id<ledger::Transfer> id) override;
    [[nodiscard]] Answer<std::vector<ledger::MovementReport>> under_way(Instant left_before, Place after, std::size_t limit) override;

private:
    postgres::Pool& pool_;
    std::string group_;
};

}  // namespace cho40::stores
