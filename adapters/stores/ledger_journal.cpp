#include "adapters/stores/ledger_journal.h"
#include "adapters/postgres/copy.h"
#include "adapters/stores/event_json.h"
#include "base/check.h"
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

constexpr Statement take_lease{"ledger_take_lease",
    "INSERT INTO ledger_lease (writer_group, epoch, holder, taken_at) VALUES ($1, 1, $2, $3) "
    "ON CONFLICT (writer_group) DO UPDATE SET epoch = ledger_lease.epoch + 1, holder = $2, taken_at = $3 RETURNING epoch"};
constexpr Statement check_lease{"ledger_check_lease",
    "SELECT epoch FROM ledger_lease WHERE writer_group = $1 FOR SHARE"};
constexpr Statement insert_batch{"ledger_insert_batch",
    "INSERT INTO ledger_batch (writer_group, epoch, batch_no, transfers, recorded_at) VALUES ($1, $2, $3, $4, $5)"};
constexpr Statement find_batch{"ledger_find_batch",
    "SELECT 1::int8 FROM ledger_batch WHERE writer_group = $1 AND epoch = $2 AND batch_no = $3"};
constexpr Statement insert_accounts{"ledger_insert_accounts",
    "INSERT INTO account (book_id, account_no, limit_kind, closed, opened_at) "
    "SELECT b, n, l, false, $4 FROM unnest($1::int8[], $2::int8[], $3::int2[]) AS u(b, n, l)"};
constexpr Statement select_accounts{"ledger_select_accounts",
    "SELECT a.book_id, a.account_no, a.limit_kind, a.closed, coalesce(d.s, 0)::int8 - coalesce(c.s, 0)::int8 "
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
constexpr Statement select_recent{"ledger_select_recent",
    "SELECT book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, code, "
    "  reference, event_at, recorded_at, chain FROM journal WHERE recorded_at > $1 ORDER BY recorded_at, seq LIMIT $2"};

constexpr char copy_journal[] =
    "COPY journal (book_id, seq, transfer_id, debit_account, credit_account, amount, debit_balance, credit_balance, code, "
    "reference, event_at, recorded_at, chain) FROM STDIN (FORMAT binary)";
constexpr char copy_events[] =
    "COPY event (book_id, seq, event_id, stream, type, resource, data, at) FROM STDIN (FORMAT binary)";

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
    return fmt::format(
        "CREATE TABLE IF NOT EXISTS {0} PARTITION OF journal FOR VALUES FROM ('{1}') TO ('{2}');"
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
    out.transfer = ledger::Transfer(
        Id<ledger::Transfer>(row.get<Uuid>(2)), ledger::AccountNumber{row.get<std::int64_t>(3)},
        ledger::AccountNumber{row.get<std::int64_t>(4)}, row.get<Dong>(5),
        static_cast<ledger::TransferCode>(row.get<std::int32_t>(8)), row.get<std::string>(9), row.get<Instant>(10));
    out.debit_balance = row.get<Dong>(6);
    out.credit_balance = row.get<Dong>(7);
    out.recorded_at = row.get<Instant>(11);
    out.chain = row.get<Sha256>(12);
    return out;
}

LedgerJournal::LedgerJournal(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info,
                             std::string writer_group, std::string holder, RowWriters const& writers, Clock const& clock,
                             observability::Log const& log)
    : executor_(std::move(executor)), info_(std::move(info)), group_(std::move(writer_group)), holder_(std::move(holder)),
      writers_(writers), clock_(clock), log_(log)
{
}

boost::asio::awaitable<bool> LedgerJournal::connect()
{
    if (connection_ && connection_->usable() && !connection_->in_transaction()) co_return true;
    connection_.reset();
    auto opened = co_await postgres::Connection::connect(executor_, info_);
    if (!opened) {
        log_.warning("ledger.connect_failed", {{"sqlstate", opened.error().sqlstate}, {"outcome", outcome_name(opened.error().outcome)}});
        co_return false;
    }
    connection_ = std::move(*opened);
    co_return true;
}

boost::asio::awaitable<DbResult<Done>> LedgerJournal::ensure_partitions(Instant at)
{
    for (auto month : {first_of_month(at, 0), first_of_month(at, 1)}) {
        auto const name = month_of(month);
        if (partitions_.contains(name)) continue;
        auto made = co_await connection_->run_script(partition_script(month), std::chrono::seconds(30));
        if (!made) co_return made;
        partitions_.insert(name);
    }
    co_return Done{};
}

boost::asio::awaitable<Result<ledger::State>> LedgerJournal::take_over()
{
    bool const connected = co_await connect();
    if (!connected) co_return fail(Errc::unavailable, "the database cannot be reached");
    CHO_CO_TRY_DO(postgres::to_result(co_await ensure_partitions(clock_.now())));
    Params lease(group_, holder_, clock_.now());
    CHO_CO_TRY(auto rows, postgres::to_result(co_await connection_->execute(take_lease, std::move(lease), std::chrono::seconds(30))));
    epoch_ = rows[0].get<std::int64_t>(0);
    batch_no_ = 0;
    log_.info("ledger.lease_taken", {{"group", group_}, {"epoch", epoch_}});
    co_return co_await load();
}

boost::asio::awaitable<Result<ledger::State>> LedgerJournal::load()
{
    constexpr auto patience = std::chrono::minutes(5);
    ledger::State state;
    Params group(group_);
    CHO_CO_TRY(auto accounts, postgres::to_result(co_await connection_->execute(select_accounts, group, patience)));
    for (auto const row : accounts) {
        ledger::Account account;
        account.number = ledger::AccountNumber{row.get<std::int64_t>(1)};
        account.limit = static_cast<ledger::AccountLimit>(row.get<std::int16_t>(2));
        account.closed = row.get<bool>(3);
        state.load_account(ledger::BookId{row.get<std::int64_t>(0)}, account, row.get<Dong>(4));
    }
    CHO_CO_TRY(auto heads, postgres::to_result(co_await connection_->execute(select_heads, group, patience)));
    for (auto const row : heads) {
        state.load_head(ledger::BookId{row.get<std::int64_t>(0)}, row.get<std::int64_t>(1), row.get<Sha256>(2), row.get<std::int64_t>(3));
    }
    Params recent(clock_.now() - recent_window, static_cast<std::int64_t>(ledger::State::recent_transfers_max));
    CHO_CO_TRY(auto rows, postgres::to_result(co_await connection_->execute(select_recent, std::move(recent), patience)));
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
    for (;;) {
        auto const outcome = co_await try_once(batch, error);
        if (outcome == Try::committed) co_return Append{Written::committed, {}};
        if (outcome == Try::refused) co_return Append{Written::refused, error};
        if (outcome == Try::lease_lost) co_return Append{Written::lease_lost, {}};
        // Nothing can be said yet: ask whether it stands until the database answers. Ids and batch number are the same.
        if (giving_up_) co_return Append{Written::lease_lost, {}};
        log_.warning("ledger.append_retried", {{"batch", batch_no_}, {"error", error}});
        boost::asio::steady_timer timer(executor_, pause);
        co_await timer.async_wait(boost::asio::use_awaitable);
        pause = std::min(pause * 2, std::chrono::milliseconds(2000));
        if (outcome == Try::unknown) {
            auto const known = co_await stands(batch_no_);
            if (known && *known) co_return Append{Written::committed, {}};
        }
    }
}

boost::asio::awaitable<std::optional<bool>> LedgerJournal::stands(std::int64_t batch_no)
{
    bool const connected = co_await connect();
    if (!connected) co_return std::nullopt;
    // A lost transaction of ours may still be committing. Locking the lease row waits for it: it holds the share lock.
    Params lease(group_);
    Params key(group_, epoch_, batch_no);
    static constexpr Statement lock_lease{"ledger_lock_lease", "SELECT epoch FROM ledger_lease WHERE writer_group = $1 FOR UPDATE"};
    auto locked = co_await connection_->execute(lock_lease, std::move(lease));
    if (!locked) co_return std::nullopt;
    auto found = co_await connection_->execute(find_batch, std::move(key));
    if (!found) co_return std::nullopt;
    co_return !found->empty();
}

boost::asio::awaitable<LedgerJournal::Try> LedgerJournal::try_once(std::shared_ptr<ledger::Batch const> batch, std::string& error)
{
    bool const connected = co_await connect();
    if (!connected) {
        error = "not connected";
        co_return Try::nothing_happened;
    }
    auto const classify = [&](DbError const& e) {
        error = e.sqlstate + " " + e.message;
        if (e.outcome == Outcome::refused) return Try::refused;
        return e.outcome == Outcome::unknown ? Try::unknown : Try::nothing_happened;
    };
    if (auto made = co_await ensure_partitions(batch->recorded_at); !made) co_return classify(made.error());
    if (auto begun = co_await connection_->begin(); !begun) co_return Try::nothing_happened;
    Params group(group_);
    auto lease = co_await connection_->execute(check_lease, std::move(group));
    if (!lease) {
        connection_.reset();
        co_return Try::nothing_happened;
    }
    if (lease->empty() || (*lease)[0].get<std::int64_t>(0) != epoch_) {
        log_.error("ledger.lease_lost", {{"group", group_}, {"epoch", epoch_}});
        connection_.reset();
        co_return Try::lease_lost;
    }
    auto written = co_await write_batch(batch);
    if (!written) {
        // 08P01 before COMMIT: our own statement and its parameters do not fit. It will not fit the next time either, and
        // one such command must not stop everybody else's.
        auto const refused = written.error().outcome == Outcome::refused || written.error().sqlstate == "08P01";
        error = written.error().sqlstate + " " + written.error().message;
        connection_.reset();  // rolls back: COMMIT was not sent, so nothing of it stands
        co_return refused ? Try::refused : Try::nothing_happened;
    }
    auto committed = co_await connection_->commit();
    if (!committed) {
        auto const outcome = classify(committed.error());
        connection_.reset();
        co_return outcome;
    }
    co_return Try::committed;
}

boost::asio::awaitable<DbResult<Done>> LedgerJournal::write_batch(std::shared_ptr<ledger::Batch const> batch)
{
    if (!batch->opened.empty()) {
        std::vector<std::int64_t> books, numbers;
        std::vector<std::int16_t> limits;
        for (auto const& [book, account] : batch->opened) {
            books.push_back(book.value);
            numbers.push_back(account.number.value);
            limits.push_back(static_cast<std::int16_t>(account.limit));
        }
        Params params(books, numbers, limits, batch->recorded_at);
        auto done = co_await connection_->execute(insert_accounts, std::move(params));
        if (!done) co_return tl::unexpected(done.error());
    }
    if (!batch->journal.empty()) {
        postgres::CopyRows rows(13, batch->journal.size() * 220);
        for (auto const& row : batch->journal) {
            auto const& t = row.transfer;
            rows.begin_row();
            rows.add(row.book.value);
            rows.add(row.seq);
            rows.add(t.id);
            rows.add(t.debit.value);
            rows.add(t.credit.value);
            rows.add(t.amount);
            rows.add(row.debit_balance);
            rows.add(row.credit_balance);
            rows.add(static_cast<std::int32_t>(t.code));
            rows.add(t.reference);
            rows.add(t.event_at);
            rows.add(row.recorded_at);
            rows.add(row.chain);
        }
        std::string sql = copy_journal;
        auto done = co_await connection_->copy_in(std::move(sql), rows.finish());
        if (!done) co_return tl::unexpected(done.error());
    }
    if (!batch->events.empty()) {
        postgres::CopyRows rows(8, batch->events.size() * 300);
        for (auto const& e : batch->events) {
            rows.begin_row();
            rows.add(e.book.value);
            rows.add(e.seq);
            rows.add(e.event.id);
            rows.add(e.event.stream);
            rows.add(e.event.type);
            rows.add(e.event.resource);
            rows.add(postgres::Json(event_attributes_json(e.event)));
            rows.add(e.at);
        }
        std::string sql = copy_events;
        auto done = co_await connection_->copy_in(std::move(sql), rows.finish());
        if (!done) co_return tl::unexpected(done.error());
    }
    // Rows of one kind together; kinds in the order their writers ask for, then as first seen.
    std::vector<std::pair<RowWriter const*, AttachedRows>> kinds;
    for (auto const& row : batch->rows) {
        auto const& attached = *row;
        auto const* writer = writers_.find(std::type_index(typeid(attached)));
        CHO_CHECK(writer != nullptr);
        auto it = std::ranges::find(kinds, writer, &std::pair<RowWriter const*, AttachedRows>::first);
        if (it == kinds.end()) it = kinds.insert(kinds.end(), {writer, {}});
        it->second.push_back(row.get());
    }
    std::ranges::stable_sort(kinds, {}, [](auto const& kind) { return kind.first->order; });
    for (auto const& [writer, rows] : kinds) {
        auto params = writer->bind(rows);
        auto done = co_await connection_->execute(*writer->statement, std::move(params));
        if (!done) co_return tl::unexpected(done.error());
    }
    Params params(group_, epoch_, batch_no_, static_cast<std::int32_t>(batch->journal.size()), batch->recorded_at);
    auto done = co_await connection_->execute(insert_batch, std::move(params));
    if (!done) co_return tl::unexpected(done.error());
    co_return Done{};
}

}  // namespace cho40::stores
