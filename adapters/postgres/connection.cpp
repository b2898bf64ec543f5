#include "adapters/postgres/connection.h"
#include "adapters/postgres/connection_socket.h"
#include "adapters/postgres/statement_cache.h"
#include "base/check.h"
#include "base/fault.h"
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace cho40::postgres {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

tl::unexpected<DbError> unexpected(DbError error) { return tl::unexpected<DbError>(std::move(error)); }

constexpr std::size_t copy_piece_bytes = 128 * 1024;

}  // namespace

// One call in progress: it has the connection for itself, and a call that does not come to its end (its coroutine
// was cancelled or threw) leaves a closed connection, because nobody knows what is still on the wire.
class Connection::Turn {
public:
    Turn(Connection& connection, std::string_view what, std::chrono::milliseconds limit)
        : owner_(connection), what_(what), deadline_(std::chrono::steady_clock::now() + limit)
    {
        CHO_CHECK(!owner_.busy_);
        owner_.busy_ = true;
        if (owner_.usable()) (void)owner_.socket_->take_replication_warning();  // from an earlier call; not ours
    }
    ~Turn()
    {
        owner_.busy_ = false;
        if (!finished_) owner_.socket_->close();
    }
    Turn(Turn const&) = delete;
    Turn& operator=(Turn const&) = delete;

    [[nodiscard]] PGconn* raw() { return owner_.socket_->raw(); }
    [[nodiscard]] bool usable() const { return owner_.usable(); }

    DbError not_usable()
    {
        finished_ = true;
        DbError error(Outcome::not_up, "", fmt::format("{}: the connection is closed", what_));
        error.connection_lost = true;
        return error;
    }

    DbError lost()
    {
        auto error = lost_connection(raw(), what_);
        owner_.socket_->close();
        return error;
    }

    // Sends what libpq has buffered, reading meanwhile so that neither side waits for the other for ever.
    awaitable<DbResult<Done>> flush()
    {
        for (;;) {
            if (!usable()) co_return unexpected(lost());
            auto const left = PQflush(raw());
            if (left == 0) co_return Done{};
            if (left < 0) co_return unexpected(lost());
            if (auto error = ended(co_await owner_.socket_->wait(true, true, deadline_))) co_return unexpected(*std::move(error));
            // Reading when there is nothing to read does no harm and tells when the server has gone.
            if (!PQconsumeInput(raw())) co_return unexpected(lost());
        }
    }

    // All results of what was sent, to the end; the last one, or the first error.
    awaitable<DbResult<Rows>> collect()
    {
        Rows last;
        std::optional<DbError> error;
        if (auto flushed = co_await flush(); !flushed) co_return unexpected(std::move(flushed).error());
        for (;;) {
            while (PQisBusy(raw())) {
                if (auto gone = ended(co_await owner_.socket_->wait(true, false, deadline_)))
                    co_return unexpected(std::move(error).value_or(*gone));
                if (!PQconsumeInput(raw())) {
                    auto gone = lost();
                    if (error) error->connection_lost = true;
                    co_return unexpected(std::move(error).value_or(gone));
                }
            }
            Rows result(PQgetResult(raw()));
            if (!result.raw()) break;
            switch (PQresultStatus(result.raw())) {
            case PGRES_TUPLES_OK:
            case PGRES_COMMAND_OK:
            case PGRES_EMPTY_QUERY: last = std::move(result); break;
            case PGRES_COPY_IN: finished_ = true; co_return std::move(result);  // the caller goes on
            case PGRES_FATAL_ERROR:
            case PGRES_BAD_RESPONSE:
                if (!error) error = error_of(result.raw(), what_);
                break;
            default:
                owner_.socket_->close();
                co_return unexpected(DbError(Outcome::refused, "0A000", fmt::format("{}: COPY out is not read here", what_)));
            }
        }
        if (PQstatus(raw()) != CONNECTION_OK) {
            auto gone = lost();
            if (error) error->connection_lost = true;
            co_return unexpected(std::move(error).value_or(gone));
        }
        finished_ = true;
        auto const warned = owner_.socket_->take_replication_warning();
        if (error) co_return unexpected(*std::move(error));
        if (warned) co_return unexpected(DbError(Outcome::unknown, "01000", fmt::format("{}: committed here, not on the standby", what_)));
        co_return std::move(last);
    }

    // Refused by libpq before anything was sent.
    DbError not_sent()
    {
        if (PQstatus(raw()) != CONNECTION_OK) return lost();
        finished_ = true;
        return DbError(Outcome::refused, "", fmt::format("{}: {}", what_, PQerrorMessage(raw())));
    }

    std::optional<DbError> ended(Socket::Ready ready)
    {
        if (ready == Socket::Ready::io && usable()) return std::nullopt;
        DbError error(Outcome::unknown, "",
                      fmt::format("{}: {}", what_, ready == Socket::Ready::deadline ? "no answer in time" : "given up"));
        error.connection_lost = true;
        if (ready == Socket::Ready::deadline) owner_.socket_->demote_host();
        owner_.socket_->close();
        return error;
    }

    void open_again() { finished_ = false; }

private:
    Connection& owner_;
    std::string what_;
    Socket::TimePoint deadline_;
    bool finished_ = false;
};

awaitable<DbResult<std::unique_ptr<Connection>>> Connection::connect(asio::any_io_executor executor, SharedConnectionInfo info)
{
    auto socket = co_await Socket::connect(std::move(executor), std::move(info));
    if (!socket) co_return unexpected(std::move(socket).error());
    co_return std::unique_ptr<Connection>(new Connection(*std::move(socket)));
}

Connection::Connection(std::unique_ptr<Socket> socket) : socket_(std::move(socket)), statements_(std::make_unique<StatementCache>()) {}

Connection::~Connection() = default;

bool Connection::usable() const { return socket_->is_open() && PQstatus(socket_->raw()) == CONNECTION_OK; }

bool Connection::in_transaction() const { return usable() && PQtransactionStatus(socket_->raw()) != PQTRANS_IDLE; }

int Connection::backend_pid() const { return usable() ? PQbackendPID(socket_->raw()) : 0; }

void Connection::close() { socket_->close(); }

awaitable<DbResult<Rows>> Connection::execute(Statement statement, Params params, std::chrono::milliseconds deadline)
{
    Turn turn(*this, statement.name, deadline);
    if (!turn.usable()) co_return unexpected(turn.not_usable());

    auto& entry = statements_->find(statement, params);
    if (entry.state != StatementCache::State::ready) {
        auto const count = static_cast<int>(entry.types.size());
        if (!PQsendPrepare(turn.raw(), entry.server_name.c_str(), statement.sql, count, entry.types.data()))
            co_return unexpected(turn.not_sent());
        auto prepared = co_await turn.collect();
        if (!prepared) co_return unexpected(std::move(prepared).error());
        entry.state = StatementCache::State::ready;
        turn.open_again();
    }
    ParamArrays const arrays(params);
    if (!PQsendQueryPrepared(turn.raw(), entry.server_name.c_str(), arrays.count, arrays.values.data(), arrays.lengths.data(),
                             arrays.formats.data(), 1))
        co_return unexpected(turn.not_sent());
    auto rows = co_await turn.collect();
    // The table changed under the plan, or somebody discarded it: prepare it anew next time.
    if (!rows && (rows.error().sqlstate == "0A000" || rows.error().sqlstate == "26000")) statements_ = std::make_unique<StatementCache>();
    co_return rows;
}

awaitable<DbResult<Done>> Connection::run_script(std::string sql, std::chrono::milliseconds deadline)
{
    Turn turn(*this, "script", deadline);
    if (!turn.usable()) co_return unexpected(turn.not_usable());
    if (!PQsendQuery(turn.raw(), sql.c_str())) co_return unexpected(turn.not_sent());
    if (CHO_FAULT("postgres/script/sent") == fault::Effect::lose) co_return unexpected(turn.lost());
    auto rows = co_await turn.collect();
    if (!rows) co_return unexpected(std::move(rows).error());
    if (rows->raw() && PQresultStatus(rows->raw()) == PGRES_COPY_IN) {
        socket_->close();
        co_return unexpected(DbError(Outcome::refused, "0A000", "script: COPY needs copy_in"));
    }
    co_return Done{};
}

awaitable<DbResult<Done>> Connection::begin(std::chrono::milliseconds deadline) { return run_script("BEGIN", deadline); }

awaitable<DbResult<Done>> Connection::rollback(std::chrono::milliseconds deadline) { return run_script("ROLLBACK", deadline); }

awaitable<DbResult<Done>> Connection::commit(std::chrono::milliseconds deadline)
{
    Turn turn(*this, "commit", deadline);
    if (!turn.usable()) co_return unexpected(turn.not_usable());
    if (!PQsendQuery(turn.raw(), "COMMIT")) co_return unexpected(turn.not_sent());
    if (CHO_FAULT("postgres/commit/sent") == fault::Effect::lose) co_return unexpected(turn.lost());
    auto rows = co_await turn.collect();
    if (!rows) co_return unexpected(std::move(rows).error());
    // A transaction that had failed answers COMMIT with ROLLBACK and without an error.
    if (std::string_view(PQcmdStatus(rows->raw())) != "COMMIT")
        co_return unexpected(DbError(Outcome::refused, "25P02", "commit: the transaction had failed before"));
    co_return Done{};
}

awaitable<DbResult<std::int64_t>> Connection::copy_in(std::string sql, std::vector<std::string> chunks, std::chrono::milliseconds deadline)
{
    Turn turn(*this, "copy", deadline);
    if (!turn.usable()) co_return unexpected(turn.not_usable());
    if (!PQsendQuery(turn.raw(), sql.c_str())) co_return unexpected(turn.not_sent());
    auto started = co_await turn.collect();
    if (!started) co_return unexpected(std::move(started).error());
    if (!started->raw() || PQresultStatus(started->raw()) != PGRES_COPY_IN)
        co_return unexpected(DbError(Outcome::refused, "42601", "copy: not a COPY FROM STDIN"));
    turn.open_again();

    for (auto const& chunk : chunks) {
        for (std::size_t at = 0; at < chunk.size();) {
            auto const size = std::min(copy_piece_bytes, chunk.size() - at);
            auto const taken = PQputCopyData(turn.raw(), chunk.data() + at, static_cast<int>(size));
            if (taken < 0) co_return unexpected(turn.lost());
            if (taken > 0) at += size;  // 0: the buffer is full
            if (auto flushed = co_await turn.flush(); !flushed) co_return unexpected(std::move(flushed).error());
            if (CHO_FAULT("postgres/copy/piece") == fault::Effect::lose) co_return unexpected(turn.lost());
        }
    }
    for (;;) {
        auto const ended = PQputCopyEnd(turn.raw(), nullptr);
        if (ended < 0) co_return unexpected(turn.lost());
        if (ended > 0) break;
        if (auto flushed = co_await turn.flush(); !flushed) co_return unexpected(std::move(flushed).error());
    }
    auto rows = co_await turn.collect();
    if (!rows) co_return unexpected(std::move(rows).error());
    co_return rows->affected();
}

}  // namespace cho40::postgres
