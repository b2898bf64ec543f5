#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/account.h"
#include <map>
#include <memory>

namespace cho40::stores {

// Which rows of a book a sealed part holds. Never changes.
struct SealedRange {
    std::int16_t part = 0;
    std::int64_t first_seq = 0, last_seq = 0;
    Instant first_recorded, last_recorded;
    Instant first_event, last_event;
};

// Where the rows of a book lie.
struct BookMap {
    std::vector<SealedRange> sealed;  // in order
    std::vector<std::int16_t> hot;    // parts that are not sealed, in order; rows after the last sealed one
    std::int64_t sealed_last = 0;
};

// What stands in the account's own row, and how many rows of sealed parts touch it.
struct AccountFacts {
    ledger::Account account;
    std::int64_t sealed_entries = 0;
};

// Finds the parts a question has to go to. Keeps what is sealed in memory; asks for the rest each time.
class BookMaps {
public:
    explicit BookMaps(postgres::Pool& pool) : pool_(pool) {}

    // Error: not_found, no such book.
    [[nodiscard]] boost::asio::awaitable<Result<std::shared_ptr<BookMap const>>> find(ledger::BookId book);

    struct WithAccount {
        std::shared_ptr<BookMap const> map;
        AccountFacts facts;
    };
    // In one round trip. Errors: not_found, account_unknown.
    [[nodiscard]] boost::asio::awaitable<Result<WithAccount>> find(ledger::BookId book, ledger::AccountNumber account);

private:
    struct Known {
        std::shared_ptr<BookMap const> map = std::make_shared<BookMap>();  // its `hot` is not used
        std::int16_t from = 0;  // parts from here on may have changed
    };
    std::shared_ptr<BookMap const> read(ledger::BookId book, postgres::Rows const& rows);
    [[nodiscard]] std::int16_t from(ledger::BookId book) const;

    postgres::Pool& pool_;
    std::map<ledger::BookId, Known> known_;
};

}  // namespace cho40::stores
