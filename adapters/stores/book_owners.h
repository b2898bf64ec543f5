#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/account.h"

namespace cho40::stores {

// A book, and whose it is: a market's, an agency's, or whoever's who made it.
struct BookOwner {
    ledger::BookId book;
    std::string name;
    std::optional<Uuid> market;
    std::optional<Uuid> agency;
    Uuid owner;  // of a general book; nil: nobody's in particular
};

class BookOwners {
public:
    explicit BookOwners(postgres::Pool& pool) : pool_(pool) {}

    // Error: not_found.
    [[nodiscard]] boost::asio::awaitable<Result<BookOwner>> find(ledger::BookId book);

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
