#include "adapters/stores/rail_readings.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Params;
using postgres::Statement;
using postgres::to_result;

#define CHO40_READING_COLUMNS                                                                                                              \
    "r.book_id, r.reading_id, r.rail_account_id, r.purpose, r.from_time, r.to_time, r.place, r.begun_at, r.due_at, r.failures, "           \
    "r.last_error, r.lines_read, r.lines_new, r.lines_known, r.lines_unreadable, r.created_at, r.finished_at "
constexpr Statement insert_readings{
    "reading_insert",
    "INSERT INTO rail_reading (book_id, reading_id, rail_account_id, purpose, state, from_time, to_time, due_at, created_at) "
    "SELECT b, i, a, p, 1, f, t, d, c FROM unnest($1::int8[], $2::uuid[], $3::uuid[], $4::int2[], $5::timestamptz[], $6::timestamptz[], "
    "$7::timestamptz[], $8::timestamptz[]) AS u(b, i, a, p, f, t, d, c) ON CONFLICT (book_id, reading_id) DO NOTHING"};
constexpr Statement again{"reading_ask_again", "UPDATE rail_reading SET state = 1, due_at = $3, finished_at = NULL "
                                               "WHERE reading_id = ANY($1::uuid[]) AND state = 2 AND finished_at < $2"};
constexpr Statement select_reading{"reading_select", "SELECT " CHO40_READING_COLUMNS "FROM rail_reading r WHERE r.reading_id = $1"};
constexpr Statement take{
    "reading_take_turn",
    "WITH due AS (SELECT d.book_id, d.reading_id FROM rail_reading d "
    "JOIN rail_account a ON a.book_id = d.book_id AND a.rail_account_id = d.rail_account_id AND a.list_url IS NOT NULL AND NOT a.disabled "
    "WHERE d.state = 1 AND d.due_at <= $1 AND NOT EXISTS (SELECT FROM rail_reading o WHERE o.state = 1 AND o.turn_until > $1 "
    "AND o.book_id = d.book_id AND o.rail_account_id = d.rail_account_id) ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED) "
    "UPDATE rail_reading r SET turn_until = $2, begun_at = CASE WHEN r.place = '' THEN $1 ELSE r.begun_at END FROM due "
    "WHERE r.book_id = due.book_id AND r.reading_id = due.reading_id RETURNING " CHO40_READING_COLUMNS};
constexpr Statement end{
    "reading_end_turn",
    "UPDATE rail_reading SET turn_until = '-infinity', from_time = $4, place = $5, due_at = $6, failures = $7, last_error = $8, "
    "lines_read = $9, lines_new = $10, lines_known = $11, lines_unreadable = $12, finished_at = $13, "
    "state = CASE WHEN $13 IS NULL THEN 1 ELSE 2 END WHERE book_id = $1 AND reading_id = $2 AND turn_until = $3 RETURNING 1::int8"};

RailReading read_reading(postgres::Row const& row)
{
    RailReading r;
    r.book = ledger::BookId{row.get<std::int64_t>(0)};
    r.id = row.get<Id<RailReadingTag>>(1);
    r.rail_account = row.get<Id<qr_pay::RailAccountTag>>(2);
    r.purpose = static_cast<RailReading::Purpose>(row.get<std::int16_t>(3));
    r.from = row.get<Instant>(4);
    r.to = row.get<std::optional<Instant>>(5);
    r.place = row.get<std::string>(6);
    r.begun_at = row.get<std::optional<Instant>>(7);
    r.due_at = row.get<Instant>(8);
    r.failures = row.get<std::int32_t>(9);
    r.last_error = row.get<std::string>(10);
    r.lines = {row.get<std::int64_t>(11), row.get<std::int64_t>(12), row.get<std::int64_t>(13), row.get<std::int64_t>(14)};
    r.created_at = row.get<Instant>(15);
    r.finished_at = row.get<std::optional<Instant>>(16);
    return r;
}

Params columns(std::vector<RailReading const*> const& rows)
{
    std::span<RailReading const* const> const readings(rows);
    Params p;
    p.add(column<std::int64_t>(readings, [](auto const& r) { return r.book.value; }));
    p.add(column<Uuid>(readings, [](auto const& r) { return r.id.uuid; }));
    p.add(column<Uuid>(readings, [](auto const& r) { return r.rail_account.uuid; }));
    p.add(column<std::int16_t>(readings, [](auto const& r) { return static_cast<std::int16_t>(r.purpose); }));
    p.add(column<Instant>(readings, [](auto const& r) { return r.from; }));
    p.add(column<std::optional<Instant>>(readings, [](auto const& r) { return r.to; }));
    p.add(column<Instant>(readings, [](auto const& r) { return r.due_at; }));
    p.add(column<Instant>(readings, [](auto const& r) { return r.created_at; }));
    return p;
}

}  // namespace

Id<RailReadingTag> polling_of(Id<qr_pay::RailAccountTag> account)
{
    return Id<RailReadingTag>(make_derived_uuid({"rail_polling", account.uuid.to_string()}));
}

awaitable<Result<Done>> RailReadings::add(std::vector<RailReading> readings)
{
    std::vector<RailReading const*> rows;
    for (auto const& reading : readings) rows.push_back(&reading);
    postgres::Segment segment;
    segment.add_step(insert_readings, columns(rows)).idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

awaitable<Result<Done>> RailReadings::ask_again(std::vector<Uuid> ids, Instant ended_before, Instant now)
{
    postgres::Segment segment;
    segment.add(again, ids, ended_before, now).idempotent();
    CHO_CO_TRY_DO(to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

awaitable<Result<std::optional<RailReading>>> RailReadings::find(Id<RailReadingTag> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(select_reading, std::move(params))));
    co_return read_first(rows, read_reading);
}

awaitable<Result<std::optional<RailReadings::Turn>>> RailReadings::take_turn(Instant now, Instant until)
{
    postgres::Segment segment;
    segment.add(take, now, until);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.write(std::move(segment))));
    co_return read_first(replies[0], [until](postgres::Row const& row) { return Turn{read_reading(row), until}; });
}

awaitable<Result<bool>> RailReadings::end_turn(Turn turn)
{
    auto const& r = turn.reading;
    postgres::Segment segment;
    segment.add(end, r.book.value, r.id, turn.until, r.from, r.place, r.due_at, static_cast<std::int32_t>(r.failures), r.last_error,
                r.lines.read, r.lines.fresh, r.lines.known, r.lines.unreadable, r.finished_at);
    CHO_CO_TRY(auto const replies, to_result(co_await pool_.write(std::move(segment))));
    co_return !replies[0].empty();
}

void add_rail_reading_writers(RowWriters& writers)
{
    writers.add<NewRailReading>(
        insert_readings,
        [](auto rows) {
            std::vector<RailReading const*> readings;
            for (auto const* row : rows) readings.push_back(&row->reading);
            return columns(readings);
        },
        20);
}

}  // namespace cho40::stores
