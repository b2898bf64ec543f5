#include "adapters/stores/journal_parts.h"
#include "adapters/stores/row_readers.h"
#include "base/fault.h"
#include <fmt/format.h>

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Connection;
using postgres::DbError;
using postgres::DbResult;
using postgres::Params;
using postgres::Statement;

constexpr Statement select_parts{"part_select",
                                 "SELECT part, state, opened_at, full_at FROM journal_part WHERE writer_group = $1 ORDER BY part"};
constexpr Statement insert_part{"part_insert", "INSERT INTO journal_part (part, writer_group, state, opened_at) "
                                               "SELECT coalesce(max(part), 0) + 1, $1, 1, $2 FROM journal_part RETURNING part"};
constexpr Statement find_attached{"part_find_attached", "SELECT 1::int8 FROM pg_inherits WHERE inhrelid = to_regclass($1)"};
// Share-locks the lease, as every batch does. A part that was marked before, when the answer was lost, counts too.
constexpr Statement update_full{
    "part_update_full", "WITH lease AS (SELECT epoch FROM ledger_lease WHERE writer_group = $3 AND epoch = $4 FOR SHARE), "
                        "marked AS (UPDATE journal_part SET state = 2, full_at = $2 "
                        "  WHERE part = $1 AND state = 1 AND EXISTS (SELECT FROM lease) RETURNING part) "
                        "SELECT (SELECT count(*) FROM marked) + (SELECT count(*) FROM journal_part WHERE part = $1 AND state > 1) > 0"};
constexpr Statement select_ends{"part_select_ends", "SELECT book_id, last_seq FROM journal_part_book WHERE part = $1"};

// Sealing a part of a million rows, or waiting until nobody reads the table that is attached.
constexpr auto patience = std::chrono::minutes(10);
constexpr auto short_wait = std::chrono::seconds(10);

// The debit side of a statement and its credit side; seventeen low bits of seq are left out of the key so that an account's
// rows share one entry, which makes these two indexes a third of the size.
std::string index_script(std::string const& table)
{
    return fmt::format("SET maintenance_work_mem = '256MB';"
                       "CREATE INDEX IF NOT EXISTS {0}_debit_idx ON {0} (book_id, debit_account, (seq >> 17));"
                       "CREATE INDEX IF NOT EXISTS {0}_credit_idx ON {0} (book_id, credit_account, (seq >> 17));"
                       "CREATE INDEX IF NOT EXISTS {0}_id_idx ON {0} (uuid_hash(transfer_id));"
                       "CREATE INDEX IF NOT EXISTS {0}_reference_idx ON {0} (hashtext(reference)) WHERE reference <> '';"
                       "ANALYZE {0};"
                       "RESET maintenance_work_mem",
                       table);
}

// State, ranges and balances: all of it or nothing, and once. Whoever was cut off before the answer came, or seals beside
// another, finds the state changed and notes nothing. One script, so that a writer that is frozen leaves no transaction open.
// The unique index on the id has done its work, a sealed part takes no more rows; the smaller one finds them.
std::string seal_script(std::string const& table, std::int16_t part, Instant now)
{
    return fmt::format(
        "BEGIN; SET LOCAL lock_timeout = '2s'; SET LOCAL work_mem = '256MB';"
        "WITH sealed AS (UPDATE journal_part SET state = 3, sealed_at = '{2}', row_count = (SELECT count(*) FROM {0}) "
        "  WHERE part = {1} AND state = 2 RETURNING part), "
        "ranges AS (INSERT INTO journal_part_book (book_id, part, first_seq, last_seq, first_recorded_at, last_recorded_at, "
        "  first_event_at, last_event_at) "
        "  SELECT book_id, {1}, min(seq), max(seq), min(recorded_at), max(recorded_at), min(event_at), max(event_at) "
        "  FROM {0} WHERE EXISTS (SELECT FROM sealed) GROUP BY book_id), "
        "touched AS (SELECT book_id, debit_account AS n, seq FROM {0} UNION ALL SELECT book_id, credit_account, seq FROM {0}), "
        "newest AS (SELECT book_id, n, max(seq) AS seq, count(*) AS entries FROM touched GROUP BY book_id, n) "
        "INSERT INTO account_snapshot (book_id, account_no, seq, balance, entries) "
        "SELECT w.book_id, w.n, w.seq, CASE WHEN j.debit_account = w.n THEN j.debit_balance ELSE j.credit_balance END, w.entries "
        "FROM newest w JOIN {0} j ON j.book_id = w.book_id AND j.seq = w.seq WHERE EXISTS (SELECT FROM sealed) "
        "ON CONFLICT (book_id, account_no) DO UPDATE SET seq = EXCLUDED.seq, balance = EXCLUDED.balance, "
        "  entries = account_snapshot.entries + EXCLUDED.entries;"
        "DROP INDEX IF EXISTS {0}_transfer_idx;"
        "COMMIT",
        table, part, to_rfc3339_micro(now));
}

// What a test makes happen between two steps.
void after_fault(fault::Effect effect, Connection& connection)
{
    if (effect == fault::Effect::lose) connection.close();
}

}  // namespace

std::string part_table(std::int16_t number) { return fmt::format("journal_p{:08}", number); }

awaitable<DbResult<std::vector<JournalPart>>> read_parts(Connection& connection, std::string const& writer_group)
{
    Params params(writer_group);
    auto rows = co_await connection.execute(select_parts, std::move(params));
    if (!rows) co_return tl::unexpected<DbError>(std::move(rows).error());
    co_return read_all(*rows, [](postgres::Row const& row) {
        return JournalPart{row.get<std::int16_t>(0), static_cast<PartState>(row.get<std::int16_t>(1)), row.get<Instant>(2),
                           row.get<std::optional<Instant>>(3)};
    });
}

awaitable<DbResult<Done>> complete_part(Connection& connection, std::int16_t part)
{
    auto const table = part_table(part);
    // Attaching takes a lock that lets everybody read and write on; CREATE ... PARTITION OF would not.
    auto const script = fmt::format("CREATE TABLE IF NOT EXISTS {0} (LIKE journal INCLUDING CONSTRAINTS) WITH (autovacuum_enabled = off);"
                                    "CREATE UNIQUE INDEX IF NOT EXISTS {0}_seq_idx ON {0} (book_id, seq);"
                                    "CREATE UNIQUE INDEX IF NOT EXISTS {0}_transfer_idx ON {0} (transfer_id)",
                                    table);
    auto created = co_await connection.run_script(script, short_wait);
    if (!created) co_return created;
    after_fault(CHO_FAULT("ledger/part/created"), connection);
    Params name(table);
    auto const attached = co_await connection.execute(find_attached, std::move(name));
    if (!attached) co_return tl::unexpected<DbError>(attached.error());
    if (attached->empty()) {
        auto const attach = fmt::format("SET lock_timeout = '2s'; ALTER TABLE journal ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({}); "
                                        "RESET lock_timeout",
                                        table, part, part + 1);
        auto done = co_await connection.run_script(attach, short_wait);
        if (!done) co_return done;
    }
    after_fault(CHO_FAULT("ledger/part/attached"), connection);
    co_return Done{};
}

// The row first, so that no two groups take one number. A part that was cut off here is open and has no table yet.
awaitable<DbResult<JournalPart>> make_part(Connection& connection, std::string const& writer_group, Instant now)
{
    auto const parts = co_await read_parts(connection, writer_group);
    if (!parts) co_return tl::unexpected<DbError>(parts.error());
    JournalPart part{0, PartState::open, now, std::nullopt};
    if (!parts->empty() && parts->back().state == PartState::open) {
        Params table(part_table(parts->back().number));
        auto const attached = co_await connection.execute(find_attached, std::move(table));
        if (!attached) co_return tl::unexpected<DbError>(attached.error());
        if (attached->empty()) part = parts->back();
    }
    if (part.number == 0) {
        Params params(writer_group, now);
        auto const made = co_await connection.execute(insert_part, std::move(params));
        if (!made) co_return tl::unexpected<DbError>(made.error());
        part.number = (*made)[0].get<std::int16_t>(0);
    }
    after_fault(CHO_FAULT("ledger/part/numbered"), connection);
    auto completed = co_await complete_part(connection, part.number);
    if (!completed) co_return tl::unexpected<DbError>(std::move(completed).error());
    co_return part;
}

awaitable<DbResult<bool>> mark_full(Connection& connection, std::int16_t part, std::string const& writer_group, std::int64_t epoch,
                                    Instant now)
{
    Params params(part, now, writer_group, epoch);
    auto marked = co_await connection.execute(update_full, std::move(params));
    if (!marked) co_return tl::unexpected<DbError>(std::move(marked).error());
    co_return (*marked)[0].get<bool>(0);
}

awaitable<DbResult<Done>> settle_part(Connection& connection, std::int16_t part)
{
    // What is frozen already is passed over. The indexes have nothing to be cleaned of: no row is ever taken out.
    auto settled = co_await connection.run_script(
        fmt::format("VACUUM (FREEZE, INDEX_CLEANUP OFF, TRUNCATE OFF, SKIP_LOCKED) {}", part_table(part)), patience);
    after_fault(CHO_FAULT("ledger/part/settled"), connection);
    co_return settled;
}

awaitable<DbResult<std::vector<SealedUpTo>>> seal_part(Connection& connection, std::int16_t part, Instant now)
{
    auto const table = part_table(part);
    after_fault(CHO_FAULT("ledger/seal/marked"), connection);
    auto indexed = co_await connection.run_script(index_script(table), patience);
    if (!indexed) co_return tl::unexpected<DbError>(std::move(indexed).error());
    after_fault(CHO_FAULT("ledger/seal/indexed"), connection);
    auto sealed = co_await connection.run_script(seal_script(table, part, now), patience);
    if (!sealed) {
        if (connection.in_transaction()) (void)co_await connection.rollback();
        co_return tl::unexpected<DbError>(std::move(sealed).error());
    }
    after_fault(CHO_FAULT("ledger/seal/noted"), connection);
    // Frozen: nothing will ever have to write to its pages again. A sealed part that misses this loses nothing but that.
    auto frozen = co_await connection.run_script("VACUUM (FREEZE) " + table, patience);
    if (!frozen) co_return tl::unexpected<DbError>(std::move(frozen).error());
    after_fault(CHO_FAULT("ledger/seal/frozen"), connection);
    Params params(part);
    auto const ends = co_await connection.execute(select_ends, std::move(params));
    if (!ends) co_return tl::unexpected<DbError>(ends.error());
    co_return read_all(
        *ends, [](postgres::Row const& row) { return SealedUpTo{ledger::BookId{row.get<std::int64_t>(0)}, row.get<std::int64_t>(1)}; });
}

}  // namespace cho40::stores
