#include "adapters/stores/ledger_journal.h"
#include "adapters/postgres/connection.h"
#include "adapters/stores/batch_segment.h"
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace cho40::stores {
namespace {

using postgres::DbError;
using postgres::DbResult;
using postgres::Outcome;
using postgres::Params;
using postgres::Statement;

constexpr char not_null_violation[] = "23502";

constexpr Statement take_lease{
    "ledger_take_lease",
    "INSERT INTO ledger_lease (writer_group, epoch, holder, taken_at) VALUES ($1, 1, $2, $3) "
    "ON CONFLICT (writer_group) DO UPDATE SET epoch = ledger_lease.epoch + 1, holder = $2, taken_at = $3 RETURNING epoch"};
constexpr Statement read_lease{"ledger_read_lease", "SELECT epoch FROM ledger_lease WHERE writer_group = $1"};
constexpr Statement lock_lease{"ledger_lock_lease", "SELECT epoch FROM ledger_lease WHERE writer_group = $1 FOR UPDATE"};
constexpr Statement find_partition{"ledger_find_partition", "SELECT to_regclass($1) IS NOT NULL"};
constexpr Statement find_batch{"ledger_find_batch",
                               "SELECT 1::int8 FROM ledger_batch WHERE writer_group = $1 AND epoch = $2 AND batch_no = $3"};
constexpr Statement select_accounts{
    "ledger_select_accounts", "SELECT a.book_id, a.account_no, a.limit_kind, a.closed, coalesce(d.s, 0)::int8 - coalesce(c.s, 0)::int8 "
                              "FROM account a JOIN book b ON b.book_id = a.book_id AND b.writer_group = $1 "
                              "LEFT JOIN (SELECT book_id, debit_account AS n, sum(amount) AS s FROM journal GROUP BY 1, 2) d "
                              "  ON d.book_id = a.book_id AND d.n = a.account_no "
                              "LEFT JOIN (SELECT book_id, credit_account AS n, sum(amount) AS s FROM journal GROUP BY 1, 2) c "
                              "  ON c.book_id = a.book_id AND c.n = a.account_no"};
constexpr Statement select_heads{"ledger_select_heads",
                                 "SELECT b.book_id, coalesce(j.seq, 0), coalesce(j.chain, decode(repeat('00', 32), 'hex')), "
                                 "  coalesce((SELECT max(e.seq) FROM event e WHERE e.book_id = b.book_id), 0) "
                                 "FROM book b LEFT JOIN LATERAL "
                                 "  (SELECT seq, chain FROM journal WHERE journal.book_id = b.book_id ORDER BY seq DESC LIMIT 1) j ON true "
                                 "WHERE b.writer_group = $1"};
constexpr Statement select_recent{
    "ledger_select_recent",
    "SELECT book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, code, "
    "  reference, event_at, recorded_at, chain FROM journal WHERE recorded_at > $1 ORDER BY recorded_at, seq LIMIT $2"};

// The longest a batch of the largest size may take; after that nobody knows whether it stands, and it is asked.
constexpr auto batch_deadline = std::chrono::seconds(30);

// How far back transfers are remembered after a restart; older repeats are found by whoever reads before submitting.
constexpr auto recent_window = std::chrono::hours(1);

std::string month_of(Instant at)
{
    auto const text = to_rfc3339(at);
    return text.substr(0, 4) + "_" + text.substr(5, 2);
}

Instant first_of_month(Instant at, int months_later)
{
    using namespace std::chrono;
    year_month_day const day(floor<days>(at));
    return Instant(sys_days((day.year() / day.month() + months(months_later)) / 1));
}

std::string partition_script(Instant at)
{
    auto const name = "journal_" + month_of(at);
    auto const from = to_rfc3339(first_of_month(at, 0));
    auto const to = to_rfc3339(first_of_month(at, 1));
    return fmt::format("CREATE TABLE IF NOT EXISTS {0} PARTITION OF journal FOR VALUES FROM ('{1}') TO ('{2}');"
                       "CREATE UNIQUE INDEX IF NOT EXISTS {0}_seq_idx ON {0} (book_id, seq);"
                       "CREATE UNIQUE INDEX IF NOT EXISTS {0}_transfer_idx ON {0} (book_id, transfer_id);",
                       name, from, to);
}

}  // namespace

ledger::JournalRow read_journal_row(postgres::Row const& row)
{
    ledger::JournalRow out;
    out.book = ledger::BookId{row.get<std::int64_t>(0)};
    out.seq = row.get<std::int64_t>(1);
    out.transfer = ledger::Transfer(Id<ledger::Transfer>(row.get<Uuid>(2)), ledger::AccountNumber{row.get<std::int64_t>(3)},
                                    ledger::AccountNumber{row.get<std::int64_t>(4)}, row.get<Dong>(5),
                                    static_cast<ledger::TransferCode>(row.get<std::int32_t>(8)), row.get<std::string>(9),
                                    row.get<Instant>(10));
    out.debit_balance = row.get<Dong>(6);
    out.credit_balance = row.get<Dong>(7);
    out.recorded_at = row.get<Instant>(11);
    out.chain = row.get<Sha256>(12);
    return out;
}

LedgerJournal::LedgerJournal(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info, std::string writer_group,
                             std::string holder, RowWriters const& writers, Clock const& clock, observability::Log const& log)
    : executor_(std::move(executor)), info_(std::move(info)), group_(std::move(writer_group)), holder_(std::move(holder)),
      writers_(writers), clock_(clock), log_(log)
{
}

boost::asio::awaitable<DbResult<std::unique_ptr<postgres::Connection>>> LedgerJournal::connect()
{
    auto opened = co_await postgres::Connection::connect(executor_, info_);
    if (!opened) {
        log_.warning("ledger.connect_failed", {{"sqlstate", opened.error().sqlstate}, {"outcome", outcome_name(opened.error().outcome)}});
    }
    co_return opened;
}

// The connection batches go over, opened when there is none.
boost::asio::awaitable<DbResult<Done>> LedgerJournal::open_pipeline()
{
    if (pipeline_ && pipeline_->usable()) co_return Done{};
    pipeline_.reset();
    auto opened = co_await postgres::Pipeline::connect(executor_, info_);
    if (!opened) {
        log_.warning("ledger.connect_failed", {{"sqlstate", opened.error().sqlstate}, {"outcome", outcome_name(opened.error().outcome)}});
        co_return tl::unexpected<DbError>(std::move(opened).error());
    }
    pipeline_ = std::move(*opened);
    co_return Done{};
}

// This month's and the next; a connection of its own only when one is missing, which is twelve times a year.
boost::asio::awaitable<DbResult<Done>> LedgerJournal::ensure_partitions(Instant at)
{
    std::unique_ptr<postgres::Connection> connection;
    for (auto month : {first_of_month(at, 0), first_of_month(at, 1)}) {
        auto const name = month_of(month);
        if (partitions_.contains(name)) continue;
        if (!connection) {
            auto opened = co_await connect();
            if (!opened) co_return tl::unexpected<DbError>(std::move(opened).error());
            connection = std::move(*opened);
        }
        // CREATE INDEX IF NOT EXISTS locks the table before it looks: ask first, so that nobody who posts has to wait.
        Params table("journal_" + name);
        auto found = co_await connection->execute(find_partition, std::move(table));
        if (!found) co_return tl::unexpected<DbError>(std::move(found).error());
        if (!(*found)[0].get<bool>(0)) {
            auto made = co_await connection->run_script(partition_script(month), std::chrono::seconds(30));
            if (!made) co_return made;
        }
        partitions_.insert(name);
    }
    co_return Done{};
}

boost::asio::awaitable<Result<ledger::State>> LedgerJournal::take_over()
{
    auto connection = co_await connect();
    if (!connection) co_return fail(Errc::unavailable, "the database cannot be reached");
    CHO_CO_TRY_DO(postgres::to_result(co_await ensure_partitions(clock_.now())));
    Params lease(group_, holder_, clock_.now());
    CHO_CO_TRY(auto rows, postgres::to_result(co_await (*connection)->execute(take_lease, std::move(lease), std::chrono::seconds(30))));
    epoch_ = rows[0].get<std::int64_t>(0);
    batch_no_ = 0;
    log_.info("ledger.lease_taken", {{"group", group_}, {"epoch", epoch_}});
    co_return co_await load(**connection);
}

boost::asio::awaitable<Result<ledger::State>> LedgerJournal::load(postgres::Connection& connection)
{
    constexpr auto patience = std::chrono::minutes(5);
    ledger::State state;
    Params group(group_);
    CHO_CO_TRY(auto accounts, postgres::to_result(co_await connection.execute(select_accounts, group, patience)));
    for (auto const row : accounts) {
        ledger::Account account;
        account.number = ledger::AccountNumber{row.get<std::int64_t>(1)};
        account.limit = static_cast<ledger::AccountLimit>(row.get<std::int16_t>(2));
        account.closed = row.get<bool>(3);
        state.load_account(ledger::BookId{row.get<std::int64_t>(0)}, account, row.get<Dong>(4));
    }
    CHO_CO_TRY(auto heads, postgres::to_result(co_await connection.execute(select_heads, group, patience)));
    for (auto const row : heads) {
        state.load_head(ledger::BookId{row.get<std::int64_t>(0)}, row.get<std::int64_t>(1), row.get<Sha256>(2), row.get<std::int64_t>(3));
    }
    Params recent(clock_.now() - recent_window, static_cast<std::int64_t>(ledger::State::recent_transfers_max));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await connection.execute(select_recent, std::move(recent), patience)));
    for (auto const row : rows) {
        auto const entry = read_journal_row(row);
        state.load_recent(entry.book, entry.transfer, entry.seq, entry.recorded_at);
    }
    co_return state;
}

boost::asio::awaitable<ledger::Journal::Append> LedgerJournal::append(std::shared_ptr<ledger::Batch const> batch)
{
    ++batch_no_;
    auto pause = std::chrono::milliseconds(100);
    std::string error;
    // Once an answer was lost, the batch may stand: nothing but the database's word ends that, however long it cannot be
    // asked. A refusal that comes after such a moment can be by the batch's own rows.
    bool in_doubt = false, was_in_doubt = false;
    for (;;) {
        if (in_doubt) {
            auto const known = co_await stands(batch_no_);
            if (known && *known) co_return Append{Written::committed, {}};
            in_doubt = !known;
        }
        if (!in_doubt) {
            auto const outcome = co_await try_once(batch, error);
            if (outcome == Try::committed) co_return Append{Written::committed, {}};
            if (outcome == Try::lease_lost) co_return Append{Written::lease_lost, {}};
            if (outcome == Try::refused && !was_in_doubt) co_return Append{Written::refused, error};
            if (outcome == Try::refused) {
                auto const known = co_await stands(batch_no_);
                if (known) co_return Append{*known ? Written::committed : Written::refused, error};
            }
            in_doubt = outcome == Try::unknown || outcome == Try::refused;
            was_in_doubt = was_in_doubt || in_doubt;
        }
        if (giving_up_) co_return Append{Written::lease_lost, {}};
        log_.warning("ledger.append_retried", {{"batch", batch_no_}, {"in_doubt", in_doubt}, {"error", error}});
        boost::asio::steady_timer timer(executor_, pause);
        co_await timer.async_wait(boost::asio::use_awaitable);
        pause = std::min(pause * 2, std::chrono::milliseconds(2000));
    }
}

boost::asio::awaitable<std::optional<bool>> LedgerJournal::stands(std::int64_t batch_no)
{
    if (auto opened = co_await open_pipeline(); !opened) co_return std::nullopt;
    // A lost transaction of ours may still be committing. Locking the lease row waits for it: it holds the share lock.
    postgres::Segment question;
    question.add(lock_lease, group_);
    question.add(find_batch, group_, epoch_, batch_no);
    auto const replies = co_await pipeline_->run(std::move(question));
    if (!replies) co_return std::nullopt;
    co_return !(*replies)[1].empty();
}

// Whether the lease is still of our epoch; nothing: could not ask.
boost::asio::awaitable<std::optional<bool>> LedgerJournal::holds_lease()
{
    if (auto opened = co_await open_pipeline(); !opened) co_return std::nullopt;
    postgres::Segment question;
    question.add(read_lease, group_);
    auto const replies = co_await pipeline_->run(std::move(question));
    if (!replies) co_return std::nullopt;
    auto const row = (*replies)[0].first();
    co_return row && row->get<std::int64_t>(0) == epoch_;
}

boost::asio::awaitable<LedgerJournal::Try> LedgerJournal::try_once(std::shared_ptr<ledger::Batch const> batch, std::string& error)
{
    auto const describe = [&](DbError const& e) { error = e.sqlstate + " " + e.message; };
    if (auto made = co_await ensure_partitions(batch->recorded_at); !made) {
        describe(made.error());
        co_return Try::nothing_happened;
    }
    if (auto opened = co_await open_pipeline(); !opened) {
        describe(opened.error());
        co_return Try::nothing_happened;
    }
    auto segment = batch_segment(BatchKey{group_, epoch_, batch_no_}, *batch, writers_);
    segment.within(batch_deadline);
    auto const written = co_await pipeline_->run(std::move(segment));
    if (written) co_return Try::committed;
    auto const& refusal = written.error();
    describe(refusal);
    if (refusal.sqlstate == not_null_violation) {
        auto const ours = co_await holds_lease();
        if (!ours) co_return Try::nothing_happened;
        if (!*ours) {
            log_.error("ledger.lease_lost", {{"group", group_}, {"epoch", epoch_}});
            co_return Try::lease_lost;
        }
        co_return Try::refused;
    }
    // 08P01 on a healthy connection: our own statement and its parameters do not fit. They will not fit the next time
    // either, and one such command must not stop everybody else's.
    bool const malformed = refusal.sqlstate == "08P01" && !refusal.connection_lost;
    if (malformed || refusal.outcome == Outcome::refused) co_return Try::refused;
    co_return refusal.outcome == Outcome::unknown ? Try::unknown : Try::nothing_happened;
}

}  // namespace cho40::stores
