#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/account.h"
#include <unordered_map>

namespace cho40::stores {

// What is known of books beside their accounts.
class BookStore {
public:
    explicit BookStore(postgres::Pool& pool) : pool_(pool) {}

    // What a book is made with never changes, so what was read once is remembered. Nothing: there is no such book.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ledger::BookKind>>> kind(ledger::BookId book);
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<std::string>>> writer_group(ledger::BookId book);

private:
    static constexpr std::size_t remembered_max = 10'000;

    struct Facts {
        ledger::BookKind kind;
        std::string writer_group;
    };

    boost::asio::awaitable<Result<std::optional<Facts>>> find(ledger::BookId book);

    postgres::Pool& pool_;
    std::unordered_map<ledger::BookId, Facts> remembered_;
};

}  // namespace cho40::stores
