#include "adapters/stores/batch_segment.h"
#include "adapters/stores/event_json.h"
#include "adapters/stores/journal_rows.h"
#include "base/check.h"
#include "base/spawn.h"
#include <algorithm>
#include <map>

namespace cho40::stores {
namespace {

using postgres::Json;
using postgres::Params;
using postgres::Segment;
using postgres::Statement;

// The epoch comes out of the lease's row: when another writer has raised it there is none, and NULL is refused.
constexpr Statement insert_batch{"ledger_insert_batch",
                                 "WITH lease AS (SELECT epoch FROM ledger_lease WHERE writer_group = $1 AND epoch = $2 FOR SHARE) "
                                 "INSERT INTO ledger_batch (writer_group, epoch, batch_no, transfers, recorded_at) "
                                 "VALUES ($1, (SELECT epoch FROM lease), $3, $4, $5)"};
constexpr Statement insert_accounts{
    "ledger_insert_accounts", "INSERT INTO account (book_id, account_no, floor, ceiling, closed, opened_at) "
                              "SELECT b, n, f, c, false, $5 FROM unnest($1::int8[], $2::int8[], $3::int8[], $4::int8[]) AS u(b, n, f, c)"};
constexpr Statement insert_journal{
    "ledger_insert_journal",
    "INSERT INTO journal (book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, event_at, "
    "recorded_at, part, code, kind, reference, pending_id, expires_at) "
    "SELECT b, s, t, d, c, a, x, y, e, $10, $11, k, i, r, p, z FROM unnest($1::int8[], $2::int8[], $3::uuid[], $4::int8[], $5::int8[], "
    "$6::int8[], $7::int8[], $8::int8[], $9::timestamptz[], $12::int2[], $13::int2[], $14::text[], $15::uuid[], $16::timestamptz[]) "
    "AS u(b, s, t, d, c, a, x, y, e, k, i, r, p, z)"};
constexpr Statement insert_holds{
    "ledger_insert_holds",
    "INSERT INTO hold (book_id, hold_id, seq, debit_account, credit_account, amount, flags, code, reference, recorded_at, expires_at, state) "
    "SELECT b, t, s, d, c, a, f, k, r, $9, z, 1 FROM unnest($1::int8[], $2::uuid[], $3::int8[], $4::int8[], $5::int8[], $6::int8[], "
    "$7::int2[], $8::int4[], $10::text[], $11::timestamptz[]) AS u(b, t, s, d, c, a, f, k, r, z)"};
constexpr Statement end_holds{"ledger_end_holds",
                              "UPDATE hold SET state = u.i, posted_amount = u.a, ended_by = u.t, ended_seq = u.s, ended_at = $7 "
                              "FROM unnest($1::int8[], $2::uuid[], $3::int2[], $4::int8[], $5::uuid[], $6::int8[]) AS u(b, h, i, a, t, s) "
                              "WHERE hold.book_id = u.b AND hold.hold_id = u.h"};
constexpr Statement close_accounts{"ledger_close_accounts",
                                   "UPDATE account SET closed = u.c FROM unnest($1::int8[], $2::int8[], $3::bool[]) AS u(b, n, c) "
                                   "WHERE account.book_id = u.b AND account.account_no = u.n"};
constexpr Statement close_periods{"ledger_close_periods", "UPDATE book SET closed_before = u.t FROM unnest($1::int8[], $2::timestamptz[]) "
                                                          "AS u(b, t) WHERE book.book_id = u.b"};
constexpr Statement insert_events{
    "ledger_insert_events",
    "INSERT INTO event (book_id, seq, event_id, stream, type, resource, data, at) "
    "SELECT b, s, i, m, t, r, d, a FROM unnest($1::int8[], $2::int8[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::jsonb[], "
    "$8::timestamptz[]) AS u(b, s, i, m, t, r, d, a)"};

template <class Rows, class Get>
auto column_of(Rows const& rows, Get get)
{
    std::vector<std::decay_t<decltype(get(*rows.begin()))>> values;
    values.reserve(rows.size());
    for (auto const& row : rows) values.push_back(get(row));
    return values;
}

using Rows = std::vector<ledger::JournalRow const*>;

Params account_columns(ledger::Batch const& batch)
{
    Params p;
    p.add(column_of(batch.opened, [](auto const& o) { return o.first.value; }));
    p.add(column_of(batch.opened, [](auto const& o) { return o.second.number.value; }));
    p.add(column_of(batch.opened, [](auto const& o) { return o.second.limits.floor; }));
    p.add(column_of(batch.opened, [](auto const& o) { return o.second.limits.ceiling; }));
    p.add(batch.recorded_at);
    return p;
}

std::optional<Uuid> pending_of(ledger::JournalRow const& row)
{
    if (row.transfer.pending.is_nil()) return std::nullopt;
    return row.transfer.pending.uuid;
}

Params journal_columns_of(ledger::Batch const& batch, std::int16_t part)
{
    auto const& rows = batch.journal;
    Params p;
    p.add(column_of(rows, [](auto const& r) { return r.book.value; }));
    p.add(column_of(rows, [](auto const& r) { return r.seq; }));
    p.add(column_of(rows, [](auto const& r) { return r.transfer.id.uuid; }));
    p.add(column_of(rows, [](auto const& r) { return r.transfer.debit.value; }));
    p.add(column_of(rows, [](auto const& r) { return r.transfer.credit.value; }));
    p.add(column_of(rows, [](auto const& r) { return r.transfer.amount; }));
    p.add(column_of(rows, [](auto const& r) { return r.debit_balance; }));
    p.add(column_of(rows, [](auto const& r) { return r.credit_balance; }));
    p.add(column_of(rows, [](auto const& r) { return r.transfer.event_at; }));
    p.add(batch.recorded_at);
    p.add(part);
    p.add(column_of(rows, [](auto const& r) { return static_cast<std::int16_t>(r.transfer.code); }));
    p.add(column_of(rows, [](auto const& r) { return kind_column(r.transfer); }));
    p.add(column_of(rows, [](auto const& r) { return std::string_view(r.transfer.reference); }));
    p.add(column_of(rows, pending_of));
    p.add(column_of(rows, [](auto const& r) { return r.expires_at; }));
    return p;
}

Params hold_columns(Rows const& rows, Instant recorded_at)
{
    Params p;
    p.add(column_of(rows, [](auto const* r) { return r->book.value; }));
    p.add(column_of(rows, [](auto const* r) { return r->transfer.id.uuid; }));
    p.add(column_of(rows, [](auto const* r) { return r->seq; }));
    p.add(column_of(rows, [](auto const* r) { return r->transfer.debit.value; }));
    p.add(column_of(rows, [](auto const* r) { return r->transfer.credit.value; }));
    p.add(column_of(rows, [](auto const* r) { return r->transfer.amount; }));
    p.add(column_of(rows, [](auto const* r) { return r->transfer.flags.bits(); }));
    p.add(column_of(rows, [](auto const* r) { return static_cast<std::int32_t>(r->transfer.code); }));
    p.add(recorded_at);
    p.add(column_of(rows, [](auto const* r) { return std::string_view(r->transfer.reference); }));
    p.add(column_of(rows, [](auto const* r) { return r->expires_at; }));
    return p;
}

// hold.state: 2 posted, 3 voided, 4 expired.
Params hold_end_columns(Rows const& rows, Instant recorded_at)
{
    using ledger::TransferKind;
    Params p;
    p.add(column_of(rows, [](auto const* r) { return r->book.value; }));
    p.add(column_of(rows, [](auto const* r) { return r->transfer.pending.uuid; }));
    p.add(column_of(rows, [](auto const* r) { return static_cast<std::int16_t>(static_cast<int>(r->transfer.kind) - 1); }));
    p.add(column_of(rows, [](auto const* r) { return r->transfer.kind == TransferKind::post ? r->transfer.amount : Dong(); }));
    p.add(column_of(rows, [](auto const* r) { return r->transfer.id.uuid; }));
    p.add(column_of(rows, [](auto const* r) { return r->seq; }));
    p.add(recorded_at);
    return p;
}

// How the accounts that the rows close or open again stand after the last of them.
Params closing_columns(Rows const& rows)
{
    std::map<std::pair<std::int64_t, std::int64_t>, bool> closed;
    for (auto const* row : rows) {
        auto const& t = row->transfer;
        bool const now_closed = t.kind != ledger::TransferKind::undo && t.kind != ledger::TransferKind::expire;
        if (t.flags.closing_debit) closed[{row->book.value, t.debit.value}] = now_closed;
        if (t.flags.closing_credit) closed[{row->book.value, t.credit.value}] = now_closed;
    }
    Params p;
    p.add(column_of(closed, [](auto const& c) { return c.first.first; }));
    p.add(column_of(closed, [](auto const& c) { return c.first.second; }));
    p.add(column_of(closed, [](auto const& c) { return c.second; }));
    return p;
}

// What follows from the rows and stands in tables of its own.
void add_consequences(Segment& segment, ledger::Batch const& batch)
{
    Rows opened, ended, closing;
    for (auto const& row : batch.journal) {
        if (row.transfer.kind == ledger::TransferKind::pending) opened.push_back(&row);
        else if (ends_pending(row.transfer.kind)) ended.push_back(&row);
        if (row.transfer.flags.closing()) closing.push_back(&row);
    }
    if (!opened.empty()) segment.add_step(insert_holds, hold_columns(opened, batch.recorded_at));
    if (!ended.empty()) segment.add_step(end_holds, hold_end_columns(ended, batch.recorded_at));
    if (!closing.empty()) segment.add_step(close_accounts, closing_columns(closing));
    if (!batch.periods_closed.empty()) {
        Params p;
        p.add(column_of(batch.periods_closed, [](auto const& c) { return c.first.value; }));
        p.add(column_of(batch.periods_closed, [](auto const& c) { return c.second; }));
        segment.add_step(close_periods, std::move(p));
    }
}

Params event_columns(ledger::Batch const& batch)
{
    auto const& events = batch.events;
    Params p;
    p.add(column_of(events, [](auto const& e) { return e.book.value; }));
    p.add(column_of(events, [](auto const& e) { return e.seq; }));
    p.add(column_of(events, [](auto const& e) { return e.event.id; }));
    p.add(column_of(events, [](auto const& e) { return e.event.stream; }));
    p.add(column_of(events, [](auto const& e) { return std::string_view(e.event.type); }));
    p.add(column_of(events, [](auto const& e) { return e.event.resource; }));
    p.add(column_of(events, [](auto const& e) { return Json(event_attributes_json(e.event)); }));
    p.add(column_of(events, [](auto const& e) { return e.at; }));
    return p;
}

// Rows of one kind together; kinds in the order their writers ask for, then as first seen. A forwarded row is a step of its own.
void add_attached(Segment& segment, ledger::Batch const& batch, RowWriters const& writers)
{
    struct Kind {
        int order;
        RowWriter const* writer;
        ForwardedRow const* forwarded;
        AttachedRows rows;
    };
    std::vector<Kind> kinds;
    for (auto const& row : batch.rows) {
        auto const& attached = *row;
        if (auto const* forwarded = dynamic_cast<ForwardedRow const*>(&attached)) {
            kinds.push_back({forwarded->order, nullptr, forwarded, {}});
            continue;
        }
        auto const* writer = writers.find(std::type_index(typeid(attached)));
        CHO_CHECK(writer != nullptr);
        auto it = std::ranges::find(kinds, writer, &Kind::writer);
        if (it == kinds.end()) it = kinds.insert(kinds.end(), {writer->order, writer, nullptr, {}});
        it->rows.push_back(row.get());
    }
    std::ranges::stable_sort(kinds, {}, &Kind::order);
    for (auto const& kind : kinds) {
        if (kind.forwarded) segment.add_step(*kind.forwarded->statement, kind.forwarded->params);
        else segment.add_step(*kind.writer->statement, kind.writer->bind(kind.rows));
    }
}

}  // namespace

Segment batch_opening(BatchKey const& key, ledger::Batch const& batch)
{
    Segment segment;
    segment.add(insert_batch, key.writer_group, key.epoch, key.batch_no, static_cast<std::int32_t>(batch.journal.size()),
                batch.recorded_at);
    return segment;
}

namespace {

constexpr std::size_t bytes_a_row = 200;
constexpr std::size_t rows_a_turn = 512;

}  // namespace

std::vector<std::string> batch_copy_rows(ledger::Batch const& batch, std::int16_t part)
{
    postgres::CopyRows rows(journal_copy_columns, 64 + batch.journal.size() * bytes_a_row);
    for (auto const& row : batch.journal) add_journal_row(rows, row, part);
    return rows.finish();
}

boost::asio::awaitable<std::vector<std::string>> batch_copy_rows_by_turns(std::shared_ptr<ledger::Batch const> batch, std::int16_t part)
{
    postgres::CopyRows rows(journal_copy_columns, 64 + batch->journal.size() * bytes_a_row);
    for (std::size_t i = 0; i < batch->journal.size(); ++i) {
        if (i % rows_a_turn == rows_a_turn - 1) co_await take_turns();
        add_journal_row(rows, batch->journal[i], part);
    }
    co_return rows.finish();
}

Segment batch_rest(ledger::Batch const& batch, RowWriters const& writers)
{
    Segment segment;
    if (!batch.opened.empty()) segment.add_step(insert_accounts, account_columns(batch));
    add_consequences(segment, batch);
    if (!batch.events.empty()) segment.add_step(insert_events, event_columns(batch));
    add_attached(segment, batch, writers);
    return segment;
}

Segment batch_segment(BatchKey const& key, ledger::Batch const& batch, std::int16_t part, RowWriters const& writers)
{
    auto segment = batch_opening(key, batch);
    if (!batch.journal.empty()) segment.add_step(insert_journal, journal_columns_of(batch, part));
    for (auto& step : batch_rest(batch, writers).take_steps()) segment.add_step(*step.statement, std::move(step.params));
    return segment;
}

}  // namespace cho40::stores
