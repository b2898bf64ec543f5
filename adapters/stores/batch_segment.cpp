#include "adapters/stores/batch_segment.h"
#include "adapters/stores/event_json.h"
#include "base/check.h"
#include <algorithm>

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
constexpr Statement insert_accounts{"ledger_insert_accounts",
                                    "INSERT INTO account (book_id, account_no, limit_kind, closed, opened_at) "
                                    "SELECT b, n, l, false, $4 FROM unnest($1::int8[], $2::int8[], $3::int2[]) AS u(b, n, l)"};
constexpr Statement insert_journal{
    "ledger_insert_journal",
    "INSERT INTO journal (book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, code, "
    "reference, event_at, recorded_at, chain) "
    "SELECT b, s, t, d, c, a, x, y, k, r, e, $12, h FROM unnest($1::int8[], $2::int8[], $3::uuid[], $4::int8[], $5::int8[], $6::int8[], "
    "$7::int8[], $8::int8[], $9::int4[], $10::text[], $11::timestamptz[], $13::bytea[]) AS u(b, s, t, d, c, a, x, y, k, r, e, h)"};
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

Params account_columns(ledger::Batch const& batch)
{
    Params p;
    p.add(column_of(batch.opened, [](auto const& o) { return o.first.value; }));
    p.add(column_of(batch.opened, [](auto const& o) { return o.second.number.value; }));
    p.add(column_of(batch.opened, [](auto const& o) { return static_cast<std::int16_t>(o.second.limit); }));
    p.add(batch.recorded_at);
    return p;
}

Params journal_columns_of(ledger::Batch const& batch)
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
    p.add(column_of(rows, [](auto const& r) { return static_cast<std::int32_t>(r.transfer.code); }));
    p.add(column_of(rows, [](auto const& r) { return std::string_view(r.transfer.reference); }));
    p.add(column_of(rows, [](auto const& r) { return r.transfer.event_at; }));
    p.add(batch.recorded_at);
    p.add(column_of(rows, [](auto const& r) { return r.chain; }));
    return p;
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

// Rows of one kind together; kinds in the order their writers ask for, then as first seen.
void add_attached(Segment& segment, ledger::Batch const& batch, RowWriters const& writers)
{
    std::vector<std::pair<RowWriter const*, AttachedRows>> kinds;
    for (auto const& row : batch.rows) {
        auto const& attached = *row;
        auto const* writer = writers.find(std::type_index(typeid(attached)));
        CHO_CHECK(writer != nullptr);
        auto it = std::ranges::find(kinds, writer, &std::pair<RowWriter const*, AttachedRows>::first);
        if (it == kinds.end()) it = kinds.insert(kinds.end(), {writer, {}});
        it->second.push_back(row.get());
    }
    std::ranges::stable_sort(kinds, {}, [](auto const& kind) { return kind.first->order; });
    for (auto const& [writer, rows] : kinds) segment.add_step(*writer->statement, writer->bind(rows));
}

}  // namespace

Segment batch_segment(BatchKey const& key, ledger::Batch const& batch, RowWriters const& writers)
{
    Segment segment;
    segment.add(insert_batch, key.writer_group, key.epoch, key.batch_no, static_cast<std::int32_t>(batch.journal.size()),
                batch.recorded_at);
    if (!batch.opened.empty()) segment.add_step(insert_accounts, account_columns(batch));
    if (!batch.journal.empty()) segment.add_step(insert_journal, journal_columns_of(batch));
    if (!batch.events.empty()) segment.add_step(insert_events, event_columns(batch));
    add_attached(segment, batch, writers);
    return segment;
}

}  // namespace cho40::stores
