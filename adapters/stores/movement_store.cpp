#include "adapters/stores/movement_store.h"
#include "adapters/stores/row_readers.h"
#include "adapters/stores/stored_errc.h"

namespace cho40::stores {
namespace {

using ledger::Movement;
using ledger::MovementDecided;
using ledger::MovementEnd;
using ledger::MovementEnded;
using ledger::MovementLeft;
using ledger::MovementReport;
using ledger::MovementState;
using postgres::Params;
using postgres::Statement;

// The hold is written before the rows that belong to it, and knows its row.
constexpr Statement insert_movements{
    "between_insert",
    "INSERT INTO between_books (book_id, movement_id, seq, credit_account, to_book, debit_account, amount, code, reference, event_at, state) "
    "SELECT u.b, u.m, h.seq, u.c, u.t, u.d, u.a, u.k, u.r, u.e, 1 FROM unnest($1::int8[], $2::uuid[], $3::int8[], $4::int8[], $5::int8[], "
    "$6::int8[], $7::int2[], $8::text[], $9::timestamptz[]) AS u(b, m, c, t, d, a, k, r, e) "
    "JOIN hold h ON h.book_id = u.b AND h.hold_id = u.m"};
// No ON CONFLICT: a second decision must bring down the transfer that comes with it.
constexpr Statement insert_decisions{"between_decide", "INSERT INTO between_books_decision (book_id, from_book, movement_id, turned_away) "
                                                       "SELECT * FROM unnest($1::int8[], $2::int8[], $3::uuid[], $4::text[])"};
constexpr Statement end_movements{"between_end",
                                  "UPDATE between_books m SET state = u.s, reason = u.r, arrived_seq = u.a "
                                  "FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::text[], $5::int8[]) AS u(b, m, s, r, a) "
                                  "WHERE m.book_id = u.b AND m.movement_id = u.m AND m.state = 1"};

constexpr Statement find_decision{"between_find_decision", "SELECT turned_away FROM between_books_decision "
                                                           "WHERE book_id = $1 AND from_book = $2 AND movement_id = $3"};

#define CHO40_MOVEMENT_COLUMNS                                                                                                             \
    "m.book_id, m.movement_id, m.credit_account, m.to_book, m.debit_account, m.amount, m.code, m.reference, m.event_at, m.state, "         \
    "m.reason, m.arrived_seq, m.seq, h.recorded_at, h.ended_seq, h.ended_at"
#define CHO40_MOVEMENTS "between_books m JOIN hold h ON h.book_id = m.book_id AND h.hold_id = m.movement_id"
constexpr Statement find_movement{"between_find",
                                  "SELECT " CHO40_MOVEMENT_COLUMNS " FROM " CHO40_MOVEMENTS " WHERE m.book_id = $1 AND m.movement_id = $2"};
constexpr Statement select_under_way{"between_under_way",
                                     "SELECT " CHO40_MOVEMENT_COLUMNS " FROM book b JOIN " CHO40_MOVEMENTS
                                     " ON m.book_id = b.book_id WHERE b.writer_group = $1 AND m.state = 1 AND h.recorded_at <= $2 "
                                     "AND (m.book_id, m.seq) > ($3, $4) ORDER BY m.book_id, m.seq LIMIT $5"};

// A code of a newer version than this one: what it says is not known here, that it refuses is.
Errc reason_named(std::string_view name) { return stored_errc(name).value_or(Errc::internal_error); }

std::optional<std::string> name_of(std::optional<Errc> code)
{
    if (!code) return std::nullopt;
    return std::string(errc_name(*code));
}

MovementReport read_report(postgres::Row const& row)
{
    MovementReport report;
    auto& m = report.movement;
    m.from = ledger::BookId{row.get<std::int64_t>(0)};
    m.id = row.get<Id<ledger::Transfer>>(1);
    m.credit = ledger::AccountNumber{row.get<std::int64_t>(2)};
    m.to = ledger::BookId{row.get<std::int64_t>(3)};
    m.debit = ledger::AccountNumber{row.get<std::int64_t>(4)};
    m.amount = row.get<Dong>(5);
    m.code = static_cast<ledger::TransferCode>(row.get<std::int16_t>(6));
    m.reference = row.get<std::string>(7);
    m.event_at = row.get<Instant>(8);
    report.end.state = static_cast<MovementState>(row.get<std::int16_t>(9));
    if (auto const reason = row.get<std::optional<std::string>>(10)) report.end.reason = reason_named(*reason);
    report.end.arrived_seq = row.get<std::optional<std::int64_t>>(11).value_or(0);
    report.left_seq = row.get<std::int64_t>(12);
    report.left_at = row.get<Instant>(13);
    report.ended_seq = row.get<std::optional<std::int64_t>>(14);
    report.ended_at = row.get<std::optional<Instant>>(15);
    return report;
}

Params movement_columns(std::span<MovementLeft const* const> rows)
{
    return Params(column<std::int64_t>(rows, [](auto const& r) { return r.movement.from.value; }),
                  column<Uuid>(rows, [](auto const& r) { return r.movement.id.uuid; }),
                  column<std::int64_t>(rows, [](auto const& r) { return r.movement.credit.value; }),
                  column<std::int64_t>(rows, [](auto const& r) { return r.movement.to.value; }),
                  column<std::int64_t>(rows, [](auto const& r) { return r.movement.debit.value; }),
                  column<Dong>(rows, [](auto const& r) { return r.movement.amount; }),
                  column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.movement.code); }),
                  column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.movement.reference); }),
                  column<Instant>(rows, [](auto const& r) { return r.movement.event_at; }));
}

Params decision_columns(std::span<MovementDecided const* const> rows)
{
    return Params(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }),
                  column<std::int64_t>(rows, [](auto const& r) { return r.from.value; }),
                  column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }),
                  column<std::optional<std::string>>(rows, [](auto const& r) { return name_of(r.turned_away); }));
}

Params end_columns(std::span<MovementEnded const* const> rows)
{
    auto const arrived = [](MovementEnded const& r) {
        return r.end.state == MovementState::posted ? std::optional(r.end.arrived_seq) : std::nullopt;
    };
    return Params(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }),
                  column<Uuid>(rows, [](auto const& r) { return r.id.uuid; }),
                  column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.end.state); }),
                  column<std::optional<std::string>>(rows, [](auto const& r) { return name_of(r.end.reason); }),
                  column<std::optional<std::int64_t>>(rows, arrived));
}

}  // namespace

void add_movement_writers(RowWriters& writers)
{
    writers.add<MovementLeft>(insert_movements, &movement_columns, 30);
    writers.add<MovementDecided>(insert_decisions, &decision_columns, 31);
    writers.add<MovementEnded>(end_movements, &end_columns, 32);  // in one batch with its beginning, after it
}

MovementStore::Answer<std::optional<MovementDecided>> MovementStore::decision(Movement movement)
{
    Params params(movement.to.value, movement.from.value, movement.id);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(find_decision, std::move(params))));
    auto const row = rows.first();
    if (!row) co_return std::nullopt;
    auto const why = row->get<std::optional<std::string>>(0);
    co_return MovementDecided(movement, why ? std::optional(reason_named(*why)) : std::nullopt);
}

MovementStore::Answer<std::optional<MovementReport>> MovementStore::find(ledger::BookId from, Id<ledger::Transfer> id)
{
    Params params(from.value, id);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(find_movement, std::move(params))));
    co_return read_first(rows, read_report);
}

MovementStore::Answer<std::vector<MovementReport>> MovementStore::under_way(Instant left_before, Place after, std::size_t limit)
{
    Params params(group_, left_before, after.book.value, after.seq, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(select_under_way, std::move(params))));
    co_return read_all(rows, read_report);
}

}  // namespace cho40::stores
