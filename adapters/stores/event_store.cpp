#include "adapters/stores/event_store.h"

namespace cho40::stores {
namespace {

using postgres::Params;
using postgres::Statement;

constexpr Statement select_stream{"evt_select_stream", "SELECT book_id, seq, event_id, stream, type, resource, data, at FROM event "
                                                       "WHERE book_id = $1 AND stream = $2 AND seq > $3 ORDER BY seq LIMIT $4"};
constexpr Statement select_fresh{"evt_select_fresh", "SELECT stream, max(seq) FROM event WHERE book_id = $1 AND seq > $2 GROUP BY stream"};
constexpr Statement select_head{"evt_select_head", "SELECT coalesce(max(seq), 0) FROM event WHERE book_id = $1"};
constexpr Statement select_pending{
    "evt_select_pending", "SELECT e.book_id, e.seq, e.event_id, e.stream, e.type, e.resource, e.data, e.at FROM book b "
                          "LEFT JOIN event_cursor c ON c.book_id = b.book_id AND c.consumer = $1 "
                          "CROSS JOIN LATERAL (SELECT * FROM event WHERE event.book_id = b.book_id AND event.seq > coalesce(c.seq, 0) "
                          "  AND event.type LIKE $2 || '%' ORDER BY event.seq LIMIT $3) e ORDER BY e.at, e.book_id, e.seq LIMIT $3"};
constexpr Statement upsert_cursor{"evt_upsert_cursor",
                                  "INSERT INTO event_cursor (book_id, consumer, seq, moved_at) VALUES ($1, $2, $3, $4) "
                                  "ON CONFLICT (book_id, consumer) DO UPDATE SET seq = greatest(event_cursor.seq, $3), moved_at = $4"};

std::vector<StoredEvent> read(postgres::Rows const& rows)
{
    std::vector<StoredEvent> out;
    for (auto const row : rows) {
        StoredEvent e;
        e.book = ledger::BookId{row.get<std::int64_t>(0)};
        e.seq = row.get<std::int64_t>(1);
        e.id = row.get<Uuid>(2);
        e.stream = row.get<Uuid>(3);
        e.type = row.get<std::string>(4);
        e.resource = row.get<Uuid>(5);
        e.data = row.get<postgres::Json>(6).text;
        e.at = row.get<Instant>(7);
        out.push_back(std::move(e));
    }
    return out;
}

}  // namespace

boost::asio::awaitable<Result<std::vector<StoredEvent>>> EventStore::of_stream(ledger::BookId book, Uuid stream, std::int64_t after,
                                                                               int limit)
{
    Params params(book.value, stream, after, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_stream, std::move(params))));
    co_return read(rows);
}

boost::asio::awaitable<Result<std::vector<EventStore::Fresh>>> EventStore::streams_after(ledger::BookId book, std::int64_t after)
{
    Params params(book.value, after);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_fresh, std::move(params))));
    std::vector<Fresh> fresh;
    for (auto const row : rows) fresh.push_back({row.get<Uuid>(0), row.get<std::int64_t>(1)});
    co_return fresh;
}

boost::asio::awaitable<Result<std::int64_t>> EventStore::head(ledger::BookId book)
{
    Params params(book.value);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_head, std::move(params))));
    co_return rows[0].get<std::int64_t>(0);
}

boost::asio::awaitable<Result<std::vector<StoredEvent>>> EventStore::pending(std::string consumer, std::string type_prefix, int limit)
{
    Params params(consumer, type_prefix, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(select_pending, std::move(params))));
    co_return read(rows);
}

boost::asio::awaitable<Result<Done>> EventStore::move_cursor(std::string consumer, ledger::BookId book, std::int64_t seq, Instant now)
{
    postgres::Segment segment;
    segment.add(upsert_cursor, book.value, consumer, seq, now).idempotent();
    CHO_CO_TRY_DO(postgres::to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

}  // namespace cho40::stores
