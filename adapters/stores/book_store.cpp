#include "adapters/stores/book_store.h"

namespace cho40::stores {
namespace {

constexpr postgres::Statement find_facts{"book_find_facts", "SELECT kind, owner_id FROM book WHERE book_id = $1"};

}  // namespace

boost::asio::awaitable<Result<std::optional<BookStore::Facts>>> BookStore::find(ledger::BookId book)
{
    if (auto const known = remembered_.find(book); known != remembered_.end()) co_return std::optional(known->second);
    postgres::Params params(book.value);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(find_facts, std::move(params))));
    auto const row = rows.first();
    if (!row) co_return std::optional<Facts>();
    Facts const facts{static_cast<ledger::BookKind>(row->get<std::int16_t>(0)), row->get<std::optional<Uuid>>(1).value_or(Uuid{})};
    if (remembered_.size() >= remembered_max) remembered_.clear();
    remembered_.emplace(book, facts);
    co_return std::optional(facts);
}

}  // namespace cho40::stores
