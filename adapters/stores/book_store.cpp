#include "adapters/stores/book_store.h"

namespace cho40::stores {
namespace {

constexpr postgres::Statement find_kind{"book_find_kind", "SELECT kind FROM book WHERE book_id = $1"};

}  // namespace

boost::asio::awaitable<Result<std::optional<ledger::BookKind>>> BookStore::kind(ledger::BookId book)
{
    if (auto const known = remembered_.find(book); known != remembered_.end()) co_return std::optional(known->second);
    postgres::Params params(book.value);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(find_kind, std::move(params))));
    auto const row = rows.first();
    if (!row) co_return std::optional<ledger::BookKind>();
    auto const kind = static_cast<ledger::BookKind>(row->get<std::int16_t>(0));
    if (remembered_.size() >= remembered_max) remembered_.clear();
    remembered_.emplace(book, kind);
    co_return std::optional(kind);
}

}  // namespace cho40::stores
