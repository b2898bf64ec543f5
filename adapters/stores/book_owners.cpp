#include "adapters/stores/book_owners.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Params;
using postgres::Statement;
using postgres::to_result;

// The first columns of read_book().
#define CHO40_BOOK_COLUMNS "b.book_id, b.kind, b.name, b.owner_id, b.created_at, b.closed_before "
constexpr Statement select_owner{"own_select_book", "SELECT " CHO40_BOOK_COLUMNS ", m.market_id, g.agency_id FROM book b "
                                                    "LEFT JOIN market m ON m.book_id = b.book_id "
                                                    "LEFT JOIN agency g ON g.book_id = b.book_id WHERE b.book_id = $1 LIMIT 1"};
constexpr Statement list_general{"own_list_general", "SELECT " CHO40_BOOK_COLUMNS
                                                     "FROM book b WHERE b.kind = 3 AND b.book_id > $1 ORDER BY b.book_id LIMIT $2"};
constexpr Statement list_owned{
    "own_list_owned",
    "(SELECT " CHO40_BOOK_COLUMNS "FROM book b WHERE b.kind = 3 AND b.owner_id = $1 AND b.book_id > $2 ORDER BY b.book_id LIMIT $3) "
    "UNION ALL "
    "(SELECT " CHO40_BOOK_COLUMNS "FROM book b WHERE b.kind = 3 AND b.owner_id IS NULL AND b.book_id > $2 ORDER BY b.book_id LIMIT $3) "
    "ORDER BY book_id LIMIT $3"};
#undef CHO40_BOOK_COLUMNS

BookOwner read_book(postgres::Row const& row)
{
    BookOwner book;
    book.book = ledger::BookId{row.get<std::int64_t>(0)};
    book.kind = static_cast<ledger::BookKind>(row.get<std::int16_t>(1));
    book.name = row.get<std::string>(2);
    book.owner = row.get<std::optional<Uuid>>(3).value_or(Uuid{});
    book.created_at = row.get<Instant>(4);
    book.closed_before = row.get<std::optional<Instant>>(5);
    return book;
}

}  // namespace

awaitable<Result<BookOwner>> BookOwners::find(ledger::BookId book)
{
    Params params(book.value);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_owner, std::move(params))));
    auto const row = rows.first();
    if (!row) co_return fail(Errc::not_found, "no such book");
    auto found = read_book(*row);
    found.market = row->get<std::optional<Uuid>>(6);
    found.agency = row->get<std::optional<Uuid>>(7);
    co_return found;
}

awaitable<Result<std::vector<BookOwner>>> BookOwners::list(BookReach reach, ledger::BookId after, std::size_t limit)
{
    auto const most = static_cast<std::int64_t>(limit);
    auto const& statement = reach.owner ? list_owned : list_general;
    auto params = reach.owner ? Params(*reach.owner, after.value, most) : Params(after.value, most);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(statement, std::move(params))));
    co_return read_all(rows, read_book);
}

}  // namespace cho40::stores
