#include "apps/cli/bench/ledger.h"
#include "adapters/postgres/migrations.h"
#include "adapters/stores/journal_rows.h"
#include "apps/cli/bench/ledger_long.h"
#include "apps/cli/bench/ledger_peer.h"
#include "apps/cli/bench/ledger_service.h"
#include "apps/cli/bench/ledger_stage.h"
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace cho40::cli::bench {
namespace {

using boost::asio::awaitable;

struct Sizes {
    std::size_t rounds;
    std::size_t transfers;          // in a round
    std::size_t many_accounts;
    std::size_t peer_seconds;
    std::size_t long_run;           // millions
    std::chrono::seconds open_loop;
};

constexpr Sizes full{7, 400'000, 1'000'000, 5, 10, std::chrono::seconds(20)};
constexpr Sizes quick_sizes{3, 160'000, 100'000, 2, 1, std::chrono::seconds(4)};

// The limit: the same rows into a table of the same form, by COPY, on one connection.
class Copy {
public:
    explicit Copy(Database& database) : database_(database)
    {
        connection_ = database.get([](Database& d) -> awaitable<Result<std::unique_ptr<postgres::Connection>>> {
            co_return postgres::to_result(co_await postgres::Connection::connect(d.executor(), d.info()));
        }(database));
        part_ = database
                    .get([](postgres::Connection& c) -> awaitable<Result<stores::JournalPart>> {
                        co_return postgres::to_result(co_await stores::make_part(c, "bench-copy", SystemClock().now()));
                    }(*connection_))
                    .number;
    }

    [[nodiscard]] std::int16_t part() const { return part_; }

    [[nodiscard]] Round run(std::vector<std::vector<std::string>> batches, std::size_t transfers)
    {
        std::vector<int> const pids{connection_->backend_pid()};
        Round round;
        round.transfers = transfers;
        auto const cpu = own_cpu() + cpu_of(pids);
        auto const began = Steady::now();
        auto const sql = fmt::format("COPY {} ({}) FROM STDIN (FORMAT binary)", stores::part_table(part_), stores::journal_copy_list);
        database_.get(
            [](postgres::Connection& c, std::string command, std::vector<std::vector<std::string>>& all) -> awaitable<Result<Done>> {
                for (auto& chunks : all) {
                    CHO_CO_TRY_DO(postgres::to_result(co_await c.copy_in(command, std::move(chunks), std::chrono::seconds(60))));
                }
                co_return Done{};
            }(*connection_, sql, batches));
        round.seconds = std::chrono::duration<double>(Steady::now() - began).count();
        round.cpu = own_cpu() + cpu_of(pids) - cpu;
        return round;
    }

private:
    Database& database_;
    std::unique_ptr<postgres::Connection> connection_;
    std::int16_t part_ = 0;
};

// Rounds of one way of posting.
struct Series {
    std::vector<double> rates;
    std::vector<double> cpu;

    void add(Round const& round)
    {
        rates.push_back(round.rate());
        cpu.push_back(round.cpu_each());
    }
    [[nodiscard]] double rate() const { return median(rates); }
    [[nodiscard]] double cpu_each() const { return median(cpu); }
};

// Milliseconds that writing 8 kB and flushing it takes on the disk the database is on.
double flush_time(std::filesystem::path const& folder)
{
    auto const path = folder / "flush";
    int const file = open(path.c_str(), O_WRONLY | O_CREAT, 0600);
    if (file < 0) throw Stop{Exit::system_missing, path.string() + " cannot be written"};
    std::string const block(8192, 'x');
    std::vector<double> times;
    for (int i = 0; i < 200; ++i) {
        auto const began = Steady::now();
        bool const written = pwrite(file, block.data(), block.size(), static_cast<off_t>(i) * 8192) == 8192 && fdatasync(file) == 0;
        if (!written) throw Stop{Exit::system_missing, path.string() + " cannot be written"};
        times.push_back(std::chrono::duration<double, std::milli>(Steady::now() - began).count());
    }
    close(file);
    std::filesystem::remove(path);
    return median(times);
}

double percentile(std::vector<double> const& sorted, double p)
{
    return sorted[std::min(sorted.size() - 1, static_cast<std::size_t>(static_cast<double>(sorted.size()) * p))];
}

std::int64_t number(Database& database, std::string const& sql)
{
    postgres::Statement const statement{sql.c_str(), sql.c_str()};
    (void)statement;
    return database.get([](Database& d, std::string text) -> awaitable<Result<std::int64_t>> {
        CHO_CO_TRY(auto connection, postgres::to_result(co_await postgres::Connection::connect(d.executor(), d.info())));
        auto const name = fmt::format("bench_{}", std::hash<std::string>{}(text));
        postgres::Statement const query{name.c_str(), text.c_str()};
        postgres::Params none;
        CHO_CO_TRY(auto rows, postgres::to_result(co_await connection->execute(query, std::move(none), std::chrono::minutes(2))));
        co_return rows[0].get<std::int64_t>(0);
    }(database, sql));
}

// Fills one part and seals it: what a transfer costs in WAL and on disk once it has come to rest.
void measure_bytes(Database& database, std::size_t transfers, std::vector<Figure>& figures)
{
    constexpr auto lsn = "SELECT (pg_current_wal_insert_lsn() - '0/0')::int8";
    Engine engine(database, {.group = "bench-bytes", .book = 900, .part_rows = static_cast<std::int64_t>(transfers)});
    (void)engine.post(8'000);  // whatever is done once is done
    auto const before = number(database, lsn);
    (void)engine.post(transfers - 8'000);
    engine.keep_parts();          // makes the next part
    (void)engine.post(8'000);     // goes there
    auto const began = Steady::now();
    engine.keep_parts();          // seals the full one
    auto const sealing = std::chrono::duration<double>(Steady::now() - began).count();
    auto const wal = static_cast<double>(number(database, lsn) - before);
    auto const part = number(database, "SELECT min(part)::int8 FROM journal_part WHERE writer_group = 'bench-bytes'");
    auto const size = static_cast<double>(
        number(database, fmt::format("SELECT pg_total_relation_size('{}')", stores::part_table(static_cast<std::int16_t>(part)))));
    auto const rows = static_cast<double>(transfers);
    figures.push_back({"wal_bytes_per_transfer", wal / rows, "B", "<=", 350});
    figures.push_back({"disk_bytes_per_transfer", size / rows, "B", "<=", 250});
    figures.push_back({"sealing_per_transfer", sealing * 1e6 / rows, "µs", "", 0});
}

// Every way of posting in turn, round by round, so that what else the machine does falls on all of them. Rows a second that
// COPY alone writes.
double measure_posting(Database& database, Sizes const& sizes, std::vector<Figure>& figures)
{
    Copy copy(database);
    Engine one_lane(database, {.group = "bench-one", .book = 101, .lanes = 1});
    Engine two_lanes(database, {.group = "bench-two", .book = 102});
    Engine hot(database, {.group = "bench-hot", .book = 103, .one_account = true});
    Engine many(database, {.group = "bench-many", .book = 104, .accounts = sizes.many_accounts});
    Series limit, engine, overlapped, one_account, many_accounts;
    for (std::size_t round = 0; round <= sizes.rounds; ++round) {
        auto batches = one_lane.copy_batches(sizes.transfers, copy.part());
        auto const copied = copy.run(std::move(batches), sizes.transfers);
        auto const posted = one_lane.post(sizes.transfers);
        auto const posted_two = two_lanes.post(sizes.transfers);
        auto const posted_hot = hot.post(sizes.transfers);
        auto const posted_many = many.post(sizes.transfers);
        if (round == 0) continue;  // warming up
        limit.add(copied);
        engine.add(posted);
        overlapped.add(posted_two);
        one_account.add(posted_hot);
        many_accounts.add(posted_many);
    }
    auto const peer = one_call_each(database, std::chrono::seconds(sizes.peer_seconds), 8);
    figures.push_back({"engine_over_copy", engine.rate() / limit.rate(), "ratio", ">=", 0.90});
    figures.push_back({"two_connections_over_copy", overlapped.rate() / limit.rate(), "ratio", ">=", 1.05});
    // Beside the engine as the service runs it, on two connections.
    figures.push_back({"engine_over_one_a_call", overlapped.rate() / peer.rate(), "ratio", ">=", 50});
    figures.push_back({"one_account_over_uniform", one_account.rate() / overlapped.rate(), "ratio", ">=", 0.90});
    figures.push_back({"many_accounts_over_10000", many_accounts.rate() / overlapped.rate(), "ratio", ">=", 0.90});
    auto const shown = [&](char const* name, Series const& series) {
        figures.push_back({fmt::format("{}_transfers", name), series.rate(), "1/s", "", 0});
        figures.push_back({fmt::format("{}_cpu", name), series.cpu_each(), "µs", "", 0});
    };
    shown("copy", limit);
    shown("engine", engine);
    shown("two_connections", overlapped);
    shown("one_account", one_account);
    shown("many_accounts", many_accounts);
    figures.push_back({"one_a_call_transfers", peer.rate(), "1/s", "", 0});
    figures.push_back({"one_a_call_cpu", peer.cpu_each(), "µs", "", 0});
    return limit.rate();
}

void measure_open_loop(PrivateInstallation& installation, Database& database, Sizes const& sizes, std::vector<Figure>& figures)
{
    auto const flush = flush_time(installation.folder());
    Engine open(database, {.group = "bench-open", .book = 105});
    (void)open.open_loop(10'000, std::chrono::seconds(1));
    auto const latencies = open.open_loop(10'000, sizes.open_loop);
    figures.push_back({"open_loop_p50_over_flush", percentile(latencies, 0.5) / flush, "ratio", "<=", 12});
    figures.push_back({"open_loop_p99", percentile(latencies, 0.99), "ms", "<=", 5});
    figures.push_back({"disk_flush", flush, "ms", "", 0});
}

}  // namespace

std::vector<std::string> ledger_parts() { return {"posting", "open-loop", "bytes", "service", "merkle", "long-run"}; }

std::vector<Figure> bench_ledger(bool quick, std::vector<std::string> const& only)
{
    auto const wanted = [&](std::string_view part) { return only.empty() || std::ranges::find(only, part) != only.end(); };
    auto const& sizes = quick ? quick_sizes : full;
    PrivateInstallation installation;
    Database database(installation.database_url());
    auto const migrated = database.run(postgres::migrate(database.executor(), database.info()));
    if (!migrated) throw Stop{Exit::system_missing, "the database cannot be made ready: " + migrated.error().detail};

    std::vector<Figure> figures;
    std::optional<double> copy_rate;
    if (wanted("posting")) copy_rate = measure_posting(database, sizes, figures);
    if (wanted("open-loop")) measure_open_loop(installation, database, sizes, figures);
    if (wanted("bytes")) measure_bytes(database, quick ? 200'000 : 1'000'000, figures);
    if (wanted("service")) measure_service(installation, database, quick, copy_rate, figures);
    if (wanted("merkle")) measure_merkle(database, sizes.rounds, sizes.transfers, figures);
    if (wanted("long-run")) measure_long_run(installation, database, sizes.long_run, figures);
    return figures;
}

}  // namespace cho40::cli::bench
