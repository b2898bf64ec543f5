#include "adapters/stores/book_map.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Segment;
using postgres::Statement;

constexpr Statement select_parts{
    "map_select_parts",
    "SELECT p.part, p.state, s.first_seq, s.last_seq, s.first_recorded_at, s.last_recorded_at, s.first_event_at, s.last_event_at "
    "FROM book b JOIN journal_part p ON p.part >= $2 AND (p.state = 3 OR p.writer_group = b.writer_group OR p.part = 0) "
    "LEFT JOIN journal_part_book s ON s.book_id = b.book_id AND s.part = p.part "
    "WHERE b.book_id = $1 AND (p.state < 3 OR s.part IS NOT NULL) ORDER BY p.part"};
constexpr Statement select_book{"map_select_book", "SELECT book_id FROM book WHERE book_id = $1"};
constexpr Statement select_account{"map_select_account",
                                   "SELECT a.floor, a.ceiling, a.closed, coalesce(s.entries, 0) FROM account a "
                                   "LEFT JOIN account_snapshot s ON s.book_id = a.book_id AND s.account_no = a.account_no "
                                   "WHERE a.book_id = $1 AND a.account_no = $2"};

constexpr std::int16_t sealed_state = 3;

}  // namespace

std::int16_t BookMaps::from(ledger::BookId book) const
{
    auto const known = known_.find(book);
    return known == known_.end() ? std::int16_t{0} : known->second.from;
}

std::shared_ptr<BookMap const> BookMaps::read(ledger::BookId book, postgres::Rows const& rows)
{
    auto& known = known_[book];
    auto map = std::make_shared<BookMap>();
    map->sealed = known.map->sealed;
    for (auto const row : rows) {
        auto const part = row.get<std::int16_t>(0);
        if (row.get<std::int16_t>(1) != sealed_state) {
            map->hot.push_back(part);
        } else if (map->sealed.empty() || map->sealed.back().part < part) {
            map->sealed.push_back({part, row.get<std::int64_t>(2), row.get<std::int64_t>(3), row.get<Instant>(4), row.get<Instant>(5),
                                   row.get<Instant>(6), row.get<Instant>(7)});
        }
    }
    if (!map->sealed.empty()) map->sealed_last = map->sealed.back().last_seq;
    known.from = std::max(known.from, !map->hot.empty()      ? map->hot.front()
                                      : !map->sealed.empty() ? static_cast<std::int16_t>(map->sealed.back().part + 1)
                                                             : std::int16_t{0});
    known.map = map;
    return map;
}

awaitable<Result<std::shared_ptr<BookMap const>>> BookMaps::find(ledger::BookId book)
{
    Segment segment;
    segment.add(select_book, book.value).add(select_parts, book.value, from(book));
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    if (replies[0].empty()) co_return fail(Errc::not_found, "no such book");
    co_return read(book, replies[1]);
}

awaitable<Result<BookMaps::WithAccount>> BookMaps::find(ledger::BookId book, ledger::AccountNumber account)
{
    Segment segment;
    segment.add(select_book, book.value).add(select_parts, book.value, from(book)).add(select_account, book.value, account.value);
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.read(std::move(segment))));
    if (replies[0].empty()) co_return fail(Errc::not_found, "no such book");
    auto const row = replies[2].first();
    if (!row) co_return fail(Errc::account_unknown, "account " + std::to_string(account.value) + " does not exist");
    WithAccount found;
    found.map = read(book, replies[1]);
    found.facts.account = {account, {row->get<std::optional<Dong>>(0), row->get<std::optional<Dong>>(1)}, row->get<bool>(2)};
    found.facts.sealed_entries = row->get<std::int64_t>(3);
    co_return found;
}

}  // namespace cho40::stores
