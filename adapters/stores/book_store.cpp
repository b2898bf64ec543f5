#include "adapters/stores/book_store.h"

namespace cho40::stores {
namespace {

constexpr postgres::Statement find_facts{"book_find_facts", "SELECT kind, owner_id, writer_group FROM book WHERE book_id = $1"};

constexpr postgres::Statement find_limits{"book_find_limits",
                                          "SELECT account_no, floor, ceiling FROM account WHERE book_id = $1 AND account_no = ANY($2)"};

}  // namespace

boost::asio::awaitable<Result<std::optional<BookStore::Facts>>> BookStore::find(ledger::BookId book)
{
    if (auto const known = remembered_.find(book); known != remembered_.end()) co_return std::optional(known->second);
    postgres::Params params(book.value);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(find_facts, std::move(params))));
    auto const row = rows.first();
    if (!row) co_return std::optional<Facts>();
    Facts facts{static_cast<ledger::BookKind>(row->get<std::int16_t>(0)), row->get<std::optional<Uuid>>(1).value_or(Uuid{}),
                row->get<std::string>(2)};
    if (remembered_.size() >= remembered_max) remembered_.clear();
    remembered_.insert_or_assign(book, facts);
    co_return std::optional(std::move(facts));
}

boost::asio::awaitable<Result<BookStore::LimitsOf>> BookStore::limits(ledger::BookId book, std::vector<std::int64_t> accounts)
{
    postgres::Params params(book.value, accounts);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(find_limits, std::move(params))));
    LimitsOf limits;
    for (auto const row : rows) { limits[row.get<std::int64_t>(0)] = {row.get<std::optional<Dong>>(1), row.get<std::optional<Dong>>(2)}; }
    co_return limits;
}

}  // namespace cho40::stores
