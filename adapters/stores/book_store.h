#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/account.h"
#include <unordered_map>

namespace cho40::stores {

// What is known of books beside their accounts.
class BookStore {
public:
    explicit BookStore(postgres::Pool& pool) : pool_(pool) {}

    // Nothing: there is no such book. A book's kind never changes, so what was read once is remembered.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::BookKind>>> kind(ledger::BookId book);

private:
    static constexpr std::size_t remembered_max = 10'000;

    postgres::Pool& pool_;
    std::unordered_map<ledger::BookId, ledger::BookKind> remembered_;
};

}  // namespace cho40::stores
