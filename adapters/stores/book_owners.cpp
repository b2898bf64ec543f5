#include "adapters/stores/book_owners.h"

namespace cho40::stores {
namespace {

constexpr postgres::Statement select_owner{"own_select_book", "SELECT b.name, m.market_id, g.agency_id, b.owner_id FROM book b "
                                                              "LEFT JOIN market m ON m.book_id = b.book_id "
                                                              "LEFT JOIN agency g ON g.book_id = b.book_id WHERE b.book_id = $1 LIMIT 1"};

}  // namespace

boost::asio::awaitable<Result<BookOwner>> BookOwners::find(ledger::BookId book)
{
    postgres::Params params(book.value);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(select_owner, std::move(params))));
    auto const row = rows.first();
    if (!row) co_return fail(Errc::not_found, "no such book");
    co_return BookOwner{book, row->get<std::string>(0), row->get<std::optional<Uuid>>(1), row->get<std::optional<Uuid>>(2),
                        row->get<std::optional<Uuid>>(3).value_or(Uuid{})};
}

}  // namespace cho40::stores
