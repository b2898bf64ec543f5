#include "adapters/stores/idempotency_store.h"

namespace cho40::stores {
namespace {

using identity::IdempotencyRow;
using postgres::Bytea;
using postgres::Statement;

// No ON CONFLICT: a key that stands already must bring down the effect that came with it, not let it pass a second time.
constexpr Statement insert_keys{
    "idempotency_insert",
    "INSERT INTO idempotency (book_id, principal, key, fingerprint, status, content_type, location, etag, body, "
    "  resource_kind, resource, created_at) "
    "SELECT * FROM unnest($1::int8[], $2::uuid[], $3::text[], $4::bytea[], $5::int4[], $6::text[], $7::text[], $8::text[], "
    "  $9::bytea[], $10::text[], $11::uuid[], $12::timestamptz[])"};
constexpr Statement find_key{"idempotency_find",
                             "SELECT book_id, fingerprint, status, content_type, location, etag, body, resource_kind, resource, created_at "
                             "FROM idempotency WHERE principal = $1 AND key = $2 ORDER BY created_at LIMIT 1"};
constexpr Statement note_replay{"idempotency_replayed",
                                "UPDATE idempotency SET replays = replays + 1 WHERE book_id = $1 AND principal = $2 AND key = $3"};
constexpr Statement empty_answers{
    "idempotency_empty",
    "UPDATE idempotency SET body = '' WHERE (book_id, principal, key) IN "
    "  (SELECT book_id, principal, key FROM idempotency WHERE created_at < $1 AND body <> '' ORDER BY created_at LIMIT $2)"};
constexpr Statement delete_keys{"idempotency_delete",
                                "DELETE FROM idempotency WHERE (book_id, principal, key) IN "
                                "  (SELECT book_id, principal, key FROM idempotency WHERE created_at < $1 ORDER BY created_at LIMIT $2)"};

postgres::Params row_params(std::span<IdempotencyRow const* const> rows)
{
    return postgres::Params(column<std::int64_t>(rows, [](auto const& r) { return r.book.value; }),
                            column<Uuid>(rows, [](auto const& r) { return r.principal; }),
                            column<std::string>(rows, [](auto const& r) { return r.key; }),
                            column<Sha256>(rows, [](auto const& r) { return r.fingerprint; }),
                            column<std::int32_t>(rows, [](auto const& r) { return r.answer.status; }),
                            column<std::string>(rows, [](auto const& r) { return r.answer.content_type; }),
                            column<std::string>(rows, [](auto const& r) { return r.answer.location; }),
                            column<std::string>(rows, [](auto const& r) { return r.answer.etag; }),
                            column<Bytea>(rows, [](auto const& r) { return Bytea(r.answer.body); }),
                            column<std::string>(rows, [](auto const& r) { return r.answer.resource.prefix; }),
                            column<Uuid>(rows, [](auto const& r) { return r.answer.resource.id; }),
                            column<Instant>(rows, [](auto const& r) { return r.created_at; }));
}

}  // namespace

void add_idempotency_writers(RowWriters& writers) { writers.add<IdempotencyRow>(insert_keys, &row_params, 80); }

boost::asio::awaitable<Result<std::optional<identity::IdempotencyRecord>>> IdempotencyStore::find(Uuid principal, std::string key)
{
    postgres::Params params(principal, key);
    CHO_CO_TRY(auto const rows, postgres::to_result(co_await pool_.read_one(find_key, std::move(params))));
    auto const row = rows.first();
    if (!row) co_return std::optional<identity::IdempotencyRecord>();
    identity::IdempotencyRecord record;
    record.book = ledger::BookId{row->get<std::int64_t>(0)};
    record.fingerprint = row->get<Sha256>(1);
    record.answer.status = row->get<std::int32_t>(2);
    record.answer.content_type = row->get<std::string>(3);
    record.answer.location = row->get<std::string>(4);
    record.answer.etag = row->get<std::string>(5);
    record.answer.body = row->get<Bytea>(6).bytes;
    record.answer.resource = identity::AuditTarget{row->get<std::string>(7), row->get<Uuid>(8)};
    record.created_at = row->get<Instant>(9);
    co_return record;
}

boost::asio::awaitable<Result<Done>> IdempotencyStore::replayed(ledger::BookId book, Uuid principal, std::string key)
{
    postgres::Segment segment;
    segment.add(note_replay, book.value, principal, key).idempotent();
    CHO_CO_TRY_DO(postgres::to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

boost::asio::awaitable<Result<std::int64_t>> IdempotencyStore::sweep(Instant replay_until, Instant forget_until, int limit)
{
    auto const rows_max = static_cast<std::int64_t>(limit);
    postgres::Segment segment;
    segment.add(empty_answers, replay_until, rows_max).add(delete_keys, forget_until, rows_max).idempotent();
    CHO_CO_TRY(auto const replies, postgres::to_result(co_await pool_.write(std::move(segment))));
    co_return replies[0].affected() + replies[1].affected();
}

}  // namespace cho40::stores
