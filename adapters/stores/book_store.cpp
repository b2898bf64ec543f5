#include "adapters/stores/book_store.h"

namespace cho40::stores {
namespace {

constexpr postgres::Statement find_book{"book_find", "SELECT kind, writer_group FROM book WHERE book_id = $1"};

}  // namespace

boost::asio::awaitable<Result<std::optional<BookStore::Facts>>> BookStore::find(ledger::BookId book)
{
    if (auto const known = remembered_.find(book); known != remembered_.end()) co_return std::optional(known->second);
    postgres::Params params(book.value);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(find_book, std::move(params))));
    auto const row = rows.first();
    if (!row) co_return std::optional<Facts>();
    Facts facts{static_cast<ledger::BookKind>(row->get<std::int16_t>(0)), row->get<std::string>(1)};
    if (remembered_.size() >= remembered_max) remembered_.clear();
    remembered_.insert_or_assign(book, facts);
    co_return std::optional(std::move(facts));
}

boost::asio::awaitable<Result<std::optional<ledger::BookKind>>> BookStore::kind(ledger::BookId book)
{
    CHO_CO_TRY(auto const facts, co_await find(book));
    co_return facts ? std::optional(facts->kind) : std::nullopt;
}

boost::asio::awaitable<Result<std::optional<std::string>>> BookStore::writer_group(ledger::BookId book)
{
    CHO_CO_TRY(auto const facts, co_await find(book));
    co_return facts ? std::optional(facts->writer_group) : std::nullopt;
}

}  // namespace cho40::stores
