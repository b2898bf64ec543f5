#include "apps/cli/bench/ledger_peer.h"
#include "base/spawn.h"

namespace cho40::cli::bench {
namespace {

using boost::asio::awaitable;

constexpr std::int64_t accounts = 10'000;

constexpr char schema[] = R"sql(
CREATE SCHEMA bench_peer;
CREATE TABLE bench_peer.balance (account bigint PRIMARY KEY, units bigint NOT NULL, version bigint NOT NULL) WITH (fillfactor = 70);
INSERT INTO bench_peer.balance SELECT n, 0, 0 FROM generate_series(0, 9999) n;
CREATE TABLE bench_peer.transfer (
  id uuid PRIMARY KEY, debit bigint NOT NULL, credit bigint NOT NULL, amount bigint NOT NULL, debit_balance bigint NOT NULL,
  credit_balance bigint NOT NULL, debit_version bigint NOT NULL, credit_version bigint NOT NULL, code integer NOT NULL,
  reference text NOT NULL, event_at timestamptz NOT NULL, recorded_at timestamptz NOT NULL);
CREATE INDEX ON bench_peer.transfer (debit, debit_version);
CREATE INDEX ON bench_peer.transfer (credit, credit_version);
CREATE FUNCTION bench_peer.post(p_id uuid, p_debit bigint, p_credit bigint, p_amount bigint, p_reference text) RETURNS boolean
LANGUAGE plpgsql AS $$
DECLARE d bench_peer.balance; c bench_peer.balance;
BEGIN
  IF EXISTS (SELECT 1 FROM bench_peer.transfer WHERE id = p_id) THEN RETURN false; END IF;
  PERFORM 1 FROM bench_peer.balance WHERE account IN (p_debit, p_credit) ORDER BY account FOR NO KEY UPDATE;
  UPDATE bench_peer.balance SET units = units + p_amount, version = version + 1 WHERE account = p_debit RETURNING * INTO d;
  UPDATE bench_peer.balance SET units = units - p_amount, version = version + 1 WHERE account = p_credit RETURNING * INTO c;
  INSERT INTO bench_peer.transfer VALUES (p_id, p_debit, p_credit, p_amount, d.units, c.units, d.version, c.version, 100, p_reference, now(), now());
  RETURN true;
END $$;
)sql";

constexpr postgres::Statement post{"bench_peer_post", "SELECT bench_peer.post($1, $2, $3, $4, $5)"};

struct Work {
    Database& database;
    QuickRandom random{42};
    Steady::time_point until;
    std::size_t posted = 0;
    std::size_t clients = 0;
    std::vector<int> pids{};
    std::optional<std::string> error{};
    OneShot<bool> done;
};

awaitable<void> client(Work& w, postgres::Connection& connection)
{
    while (Steady::now() < w.until && !w.error) {
        auto const pick = w.random.next();
        auto const debit = static_cast<std::int64_t>(pick % accounts);
        auto const credit = (debit + 1 + static_cast<std::int64_t>((pick >> 32) % (accounts - 1))) % accounts;
        postgres::Params params(make_uuid7(SystemClock().now(), w.random), debit, credit, static_cast<std::int64_t>(1000 + pick % 1000),
                                "CQ7K2M4XJ");
        auto const answer = co_await connection.execute(post, std::move(params));
        if (!answer) w.error = answer.error().message;
        ++w.posted;
    }
    if (--w.clients == 0) w.done.set(true);
}

awaitable<Result<std::unique_ptr<postgres::Connection>>> connect(Database& database)
{
    co_return postgres::to_result(co_await postgres::Connection::connect(database.executor(), database.info()));
}

awaitable<Result<Done>> make_schema(postgres::Connection& connection)
{
    co_return postgres::to_result(co_await connection.run_script(schema, std::chrono::seconds(30)));
}

}  // namespace

Round one_call_each(Database& database, std::chrono::seconds length, std::size_t clients)
{
    auto first = database.get(connect(database));
    database.get(make_schema(*first));
    Work work{.database = database, .until = {}, .done = OneShot<bool>(database.executor())};
    std::vector<std::unique_ptr<postgres::Connection>> connections;
    for (std::size_t i = 0; i < clients; ++i) {
        connections.push_back(database.get(connect(database)));
        work.pids.push_back(connections.back()->backend_pid());
    }
    work.clients = clients;
    auto const cpu = own_cpu() + cpu_of(work.pids);
    auto const began = Steady::now();
    work.until = began + length;
    for (auto const& connection : connections) spawn(database.executor(), client(work, *connection));
    (void)database.run(work.done.wait());
    Round round;
    round.seconds = std::chrono::duration<double>(Steady::now() - began).count();
    round.cpu = own_cpu() + cpu_of(work.pids) - cpu;
    round.transfers = work.posted;
    if (work.error) throw Stop{Exit::negative, "the peer failed: " + *work.error};
    return round;
}

}  // namespace cho40::cli::bench
