#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/invariants/invariant.h"
#include "ledger/signed_head.h"

namespace cho40::stores {

// Reads the journal as it stands in the database, book by book: for proofs, which trust nothing in memory.
class JournalReader {
public:
    static constexpr std::size_t rows_at_once = 5000;

    explicit JournalReader(postgres::Pool& pool) : pool_(pool) {}

    // Books with rows or heads, ascending.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ledger::BookId>>> books();
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ledger::JournalRow>>> rows(ledger::BookId book, std::int64_t after,
                                                                                       std::size_t limit);
    // Signed heads of the book with after < size <= up_to, in order.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ledger::SignedHead>>> heads(ledger::BookId book, std::int64_t after,
                                                                                        std::int64_t up_to);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::SignedHead>>> newest_head(ledger::BookId book);
    // What the tables of balances and of holds say of the book, and after which row: one statement, one moment.
    [[nodiscard]] boost::asio::awaitable<Result<ledger::Standing>> standing(ledger::BookId book);
    // A row that should have been signed for and is not.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::Fault>>> find_unsigned_rows();
    // A row whose account or book does not exist: what no in-memory law can see.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::Fault>>> find_foreign_rows();
    // Two books whose transit accounts towards each other do not cancel out: what no law of one book can see. One statement,
    // so that what moves meanwhile is seen in both books or in neither.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::Fault>>> find_unmirrored_transit();

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
