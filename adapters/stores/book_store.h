#pragma once
#include "adapters/postgres/pool.h"
#include "ledger/account.h"
#include <unordered_map>

namespace cho40::stores {

// What is known of books beside their accounts.
class BookStore {
public:
    explicit BookStore(postgres::Pool& pool) : pool_(pool) {}

    struct Facts {
        ledger::BookKind kind;
        Uuid owner;  // of a general book: whoever made it; nil: nobody in particular
        std::string writer_group;
    };
    // Nothing: there is no such book. None of it ever changes, so what was read once is remembered.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Facts>>> find(ledger::BookId book);
    // What accounts were opened with, by their numbers; those that are not there are left out.
    using LimitsOf = std::unordered_map<std::int64_t, ledger::Limits>;
    [[nodiscard]] boost::asio::awaitable<Result<LimitsOf>> limits(ledger::BookId book, std::vector<std::int64_t> accounts);

private:
    static constexpr std::size_t remembered_max = 10'000;

    postgres::Pool& pool_;
    std::unordered_map<ledger::BookId, Facts> remembered_;
};

}  // namespace cho40::stores
