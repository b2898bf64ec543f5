#include "adapters/postgres/migrations.h"
#include "base/digest.h"
#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <map>

namespace cho40::postgres {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

// A lease row, not an advisory lock: those hold only on the node they are taken on (schema rule 4.5). Each file's
// transaction locks the row, so a takeover waits for the commit of the runner before.
constexpr char const* own_tables = R"(
CREATE TABLE IF NOT EXISTS schema_migration (
  number     integer     NOT NULL,
  name       text        NOT NULL,
  sha256     bytea       NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT schema_migration_pkey PRIMARY KEY (number)
);
CREATE TABLE IF NOT EXISTS schema_migration_lease (
  one        integer     NOT NULL,
  holder     uuid,
  held_until timestamptz NOT NULL,
  CONSTRAINT schema_migration_lease_pkey PRIMARY KEY (one)
);
INSERT INTO schema_migration_lease (one, held_until) VALUES (1, now()) ON CONFLICT (one) DO NOTHING;
)";

constexpr Statement select_applied{"migration_applied", "SELECT number, name, sha256 FROM schema_migration ORDER BY number"};

constexpr Statement take_lease{"migration_take_lease", R"(
UPDATE schema_migration_lease
   SET holder = $1, held_until = now() + interval '30 s'
 WHERE one = 1
   AND (holder IS NULL OR holder = $1 OR held_until < now())
RETURNING one)"};

constexpr Statement hold_lease{"migration_hold_lease", R"(
UPDATE schema_migration_lease
   SET held_until = now() + $2 * interval '1 s'
 WHERE one = 1
   AND holder = $1
RETURNING one)"};

constexpr Statement free_lease{"migration_free_lease", R"(
UPDATE schema_migration_lease
   SET holder = NULL, held_until = now()
 WHERE one = 1
   AND holder = $1)"};

constexpr Statement insert_applied{"migration_insert", R"(
INSERT INTO schema_migration (number, name, sha256)
VALUES ($1, $2, $3))"};

constexpr milliseconds file_deadline = std::chrono::minutes(30);
constexpr milliseconds lease_poll{100};
constexpr std::int32_t lease_seconds = 30;         // a runner that was killed stands in the way for so long
constexpr std::int32_t step_lease_seconds = 600;   // outside a transaction only the lease keeps others away
constexpr std::string_view no_transaction = "-- no-transaction";

struct Applied {
    std::string name;
    Sha256 sha256;
};

// What went wrong: with the database (asked again) or with a file (final).
using Wrong = std::variant<DbError, Error>;
template <class T>
using Try = tl::expected<T, Wrong>;

tl::unexpected<Wrong> wrong(DbError error) { return tl::unexpected<Wrong>(Wrong(std::move(error))); }
tl::unexpected<Wrong> wrong(Errc code, std::string text) { return tl::unexpected<Wrong>(Wrong(Error(code, std::move(text)))); }

std::vector<std::string> split_statements(std::string_view sql)
{
    std::vector<std::string> parts(1);
    while (!sql.empty()) {
        auto const end = sql.find('\n');
        auto const line = sql.substr(0, end);
        if (line == "-- next") parts.emplace_back();
        else parts.back().append(line).append("\n");
        sql.remove_prefix(end == std::string_view::npos ? sql.size() : end + 1);
    }
    return parts;
}

Try<std::vector<Migration>> find_missing(std::map<int, Applied> const& applied, std::span<Migration const> files)
{
    std::vector<Migration> missing;
    for (auto const& file : files) {
        auto const found = applied.find(file.number);
        if (found == applied.end()) {
            missing.push_back(file);
        } else if (found->second.sha256 != sha256(file.sql)) {
            return wrong(Errc::invalid_config, fmt::format("migration {} has changed since it was applied to this database", file.name));
        }
    }
    // Numbers above ours belong to a newer program that migrated first; its schema still serves us (rule 5.2). One
    // of ours below such a number, or an unknown one between ours, is a branch that nobody has tried.
    for (auto const& [number, row] : applied) {
        auto const ours = std::ranges::any_of(files, [&](Migration const& f) { return f.number == number; });
        if (!ours && (files.empty() || number < files.back().number))
            return wrong(Errc::invalid_config, fmt::format("the database has migration {}, which this program does not know", row.name));
        if (!ours && !missing.empty())
            return wrong(Errc::invalid_config,
                         fmt::format("migration {} is missing, but the later {} is applied", missing.front().name, row.name));
    }
    return missing;
}

class Runner {
public:
    Runner(asio::any_io_executor executor, SharedConnectionInfo info, std::span<Migration const> files, steady_clock::time_point until)
        : executor_(std::move(executor)), info_(std::move(info)), files_(files), until_(until),
          me_(make_uuid7(SystemClock().now(), system_random()))
    {
    }

    awaitable<Try<std::vector<Migration>>> look()
    {
        auto connection = co_await Connection::connect(executor_, info_);
        if (!connection) co_return wrong(std::move(connection).error());
        connection_ = *std::move(connection);
        co_return co_await missing();
    }

    awaitable<Try<Done>> apply_all()
    {
        auto before = co_await look();
        if (!before) co_return tl::unexpected<Wrong>(std::move(before).error());
        if (before->empty()) co_return Done{};
        if (auto made = co_await connection_->run_script(own_tables); !made) co_return wrong(made_by_another(std::move(made).error()));
        auto leased = co_await wait_for_lease();
        if (!leased) co_return tl::unexpected<Wrong>(std::move(leased).error());
        // Another runner may have been at work while we waited.
        auto files = co_await missing();
        if (!files) co_return tl::unexpected<Wrong>(std::move(files).error());
        Try<Done> done = Done{};
        for (auto const& file : *files) {
            done = file.sql.starts_with(no_transaction) ? co_await apply_in_steps(file) : co_await apply_at_once(file);
            if (!done) break;
            names_.emplace_back(file.name);
        }
        // Whether the lease is freed or runs out makes no difference to what was done.
        if (connection_->in_transaction()) (void)co_await connection_->rollback();
        (void)co_await connection_->execute(free_lease, Params(me_));
        co_return done;
    }

    [[nodiscard]] std::vector<std::string> take_names() { return std::move(names_); }

private:
    // CREATE TABLE IF NOT EXISTS by two at once ends for one of them in an error that only says "the other did it".
    static DbError made_by_another(DbError error)
    {
        // The table's name, its row type's name, or a catalogue's key: depending on how far the other was.
        for (auto const* state : {"42P07", "42710", "23505"}) {
            if (error.sqlstate == state) error.outcome = Outcome::retry_now;
        }
        return error;
    }

    awaitable<Try<std::vector<Migration>>> missing()
    {
        std::map<int, Applied> applied;
        auto rows = co_await connection_->execute(select_applied, Params());
        if (!rows && rows.error().sqlstate != "42P01") co_return wrong(std::move(rows).error());  // 42P01: a new database
        if (rows) {
            for (auto row : *rows) applied.emplace(row.get<std::int32_t>(0), Applied{row.get<std::string>(1), row.get<Sha256>(2)});
        }
        co_return find_missing(applied, files_);
    }

    awaitable<Try<Done>> wait_for_lease()
    {
        for (;;) {
            auto rows = co_await connection_->execute(take_lease, Params(me_));
            if (rows && !rows->empty()) co_return Done{};
            // 55P03: the runner holds the row itself, in the transaction of a file.
            if (!rows && rows.error().outcome != Outcome::retry_later) co_return wrong(std::move(rows).error());
            if (steady_clock::now() >= until_) co_return wrong(Errc::unavailable, "another program is migrating this database");
            asio::steady_timer pause(executor_, lease_poll);
            co_await pause.async_wait(asio::use_awaitable);
        }
    }

    awaitable<Try<Done>> still_ours(std::string_view file, std::int32_t seconds)
    {
        auto rows = co_await connection_->execute(hold_lease, Params(me_, seconds));
        if (!rows) co_return wrong(std::move(rows).error());
        if (rows->empty()) co_return wrong(Errc::unavailable, fmt::format("{}: another program took over the migration", file));
        co_return Done{};
    }

    static Wrong blame(Migration const& file, DbError error)
    {
        if (error.worth_retrying()) return error;
        return Error(Errc::internal_error, fmt::format("migration {} was refused: {} ({})", file.name, error.message, error.sqlstate));
    }

    awaitable<Try<Done>> apply_at_once(Migration file)
    {
        if (auto begun = co_await connection_->begin(); !begun) co_return wrong(std::move(begun).error());
        // The row stays locked until the commit, however long the file takes.
        auto ours = co_await still_ours(file.name, lease_seconds);
        if (!ours) co_return ours;
        auto run = co_await connection_->run_script(std::string(file.sql), file_deadline);
        if (!run) co_return tl::unexpected<Wrong>(blame(file, std::move(run).error()));
        if (!connection_->in_transaction())
            co_return wrong(Errc::internal_error,
                            fmt::format("migration {} ends its own transaction; mark it {}", file.name, no_transaction));
        auto recorded = co_await connection_->execute(insert_applied, Params(file.number, file.name, sha256(file.sql)));
        if (!recorded) co_return tl::unexpected<Wrong>(blame(file, std::move(recorded).error()));
        auto committed = co_await connection_->commit(file_deadline);
        if (!committed) co_return tl::unexpected<Wrong>(blame(file, std::move(committed).error()));
        co_return Done{};
    }

    awaitable<Try<Done>> apply_in_steps(Migration file)
    {
        for (auto const& statement : split_statements(file.sql)) {
            auto ours = co_await still_ours(file.name, step_lease_seconds);
            if (!ours) co_return ours;
            auto run = co_await connection_->run_script(statement, file_deadline);
            if (!run) co_return tl::unexpected<Wrong>(blame(file, std::move(run).error()));
        }
        auto recorded = co_await connection_->execute(insert_applied, Params(file.number, file.name, sha256(file.sql)));
        if (!recorded) co_return tl::unexpected<Wrong>(blame(file, std::move(recorded).error()));
        co_return Done{};
    }

    asio::any_io_executor executor_;
    SharedConnectionInfo info_;
    std::span<Migration const> files_;
    steady_clock::time_point until_;
    Uuid me_;
    std::unique_ptr<Connection> connection_;
    std::vector<std::string> names_;
};

Error error_of_wrong(Wrong const& w)
{
    if (auto const* db = std::get_if<DbError>(&w)) return to_error(*db);
    return std::get<Error>(w);
}

}  // namespace

awaitable<Result<std::vector<std::string>>> migrate(asio::any_io_executor executor, SharedConnectionInfo info,
                                                    std::span<Migration const> files, milliseconds patience)
{
    auto const until = steady_clock::now() + patience;
    Runner runner(executor, std::move(info), files, until);
    for (auto pause = milliseconds(50);; pause = std::min(pause * 2, milliseconds(2000))) {
        auto done = co_await runner.apply_all();
        if (done) co_return runner.take_names();
        auto const* db = std::get_if<DbError>(&done.error());
        // An unknown outcome is cleared up by looking again at what is recorded as applied.
        if (!db || !db->worth_retrying() || steady_clock::now() + pause >= until)
            co_return tl::unexpected<Error>(error_of_wrong(done.error()));
        asio::steady_timer timer(executor, pause);
        co_await timer.async_wait(asio::use_awaitable);
    }
}

awaitable<Result<std::vector<std::string>>> pending_migrations(asio::any_io_executor executor, SharedConnectionInfo info,
                                                               std::span<Migration const> files)
{
    Runner runner(std::move(executor), std::move(info), files, steady_clock::now());
    auto missing = co_await runner.look();
    if (!missing) co_return tl::unexpected<Error>(error_of_wrong(missing.error()));
    std::vector<std::string> names;
    for (auto const& file : *missing) names.emplace_back(file.name);
    co_return names;
}

}  // namespace cho40::postgres
