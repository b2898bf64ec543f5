#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/account.h"

namespace cho40::stores {

// A book, and whose it is: a market's, an agency's, or whoever's who made it.
struct BookOwner {
    ledger::BookId book;
    ledger::BookKind kind = ledger::BookKind::general;
    std::string name;
    Instant created_at;
    std::optional<Instant> closed_before;  // nothing that happened earlier is entered any more
    std::optional<Uuid> market;
    std::optional<Uuid> agency;
    Uuid owner;  // of a general book; nil: nobody's in particular
};

// Whose books of the general kind are listed.
struct BookReach {
    std::optional<Uuid> owner;  // with those that are nobody's in particular; nothing: everybody's
};

class BookOwners {
public:
    explicit BookOwners(postgres::Pool& pool) : pool_(pool) {}

    // Error: not_found.
    [[nodiscard]] boost::asio::awaitable<Result<BookOwner>> find(ledger::BookId book);
    // Books of the general kind with numbers after this one, in their order.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<BookOwner>>> list(BookReach reach, ledger::BookId after, std::size_t limit);

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
