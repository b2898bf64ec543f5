#include "apps/cli/bench/rails.h"
#include "apps/cli/bench/api_key.h"
#include "apps/cli/bench/installation.h"
#include "apps/cli/bench/ledger_stage.h"
#include "apps/cli/bench/payments_stage.h"
#include "apps/cli/bench/wire_load.h"
#include <fmt/format.h>
#include <thread>

namespace cho40::cli::bench {
namespace {

constexpr std::size_t connections = 64;
constexpr double half_rate = 4'000;
// Of the newest, which is where they would be: to look through all would be a load of its own. All are counted at the end.
constexpr char unmatched[] = "SELECT count(*) FROM rail_inbox n WHERE n.received_at > now() - interval '2 seconds' AND "
                             "NOT EXISTS (SELECT FROM rail_match m WHERE m.book_id = n.book_id AND m.inbox_id = n.inbox_id)";
constexpr char unmatched_of_all[] = "SELECT (SELECT count(*) FROM rail_inbox) - (SELECT count(*) FROM rail_match)";

boost::asio::awaitable<Result<std::int64_t>> count(Database& database, char const* name, char const* sql)
{
    postgres::Statement const statement{name, sql};
    CHO_CO_TRY(auto connection, postgres::to_result(co_await postgres::Connection::connect(database.executor(), database.info())));
    postgres::Params none;
    CHO_CO_TRY(auto rows, postgres::to_result(co_await connection->execute(statement, std::move(none))));
    co_return rows[0].get<std::int64_t>(0);
}

}  // namespace

std::vector<Figure> bench_rails(bool quick)
{
    std::size_t const rounds = quick ? 3 : 7;
    std::size_t const in_round = quick ? 8'000 : 16'000;
    std::size_t const scheduled = quick ? 12'000 : 40'000;
    constexpr std::size_t warm_up = 2'000;
    PrivateInstallation installation;
    (void)installation.start_service();
    Database database(installation.database_url());
    auto const key = make_api_key(database, installation.installation_key());
    observability::Metrics metrics;
    http::Client client(database.executor(), http::ClientOptions{.name = "bench", .connections_max = connections, .waiting_max = 4096},
                        metrics);
    demo::ApiClient api(database.executor(), client, installation.base(), key);
    auto const total = warm_up + rounds * in_round + scheduled;
    auto const prepared = database.get(prepare_payments(api, total));
    client.close_idle();

    std::vector<std::string> requests;
    for (auto const& body : prepared.bodies) requests.push_back(wire_request(prepared.address, "none", body));
    auto const some = [&](std::size_t from, std::size_t n) {
        return std::vector<std::string>(requests.begin() + static_cast<std::ptrdiff_t>(from),
                                        requests.begin() + static_cast<std::ptrdiff_t>(from + n));
    };
    std::vector<std::string> const healthz(in_round * 4, "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
    constexpr int ok = 200;
    WireLoad load(installation.port(), connections);
    (void)load.run(some(0, warm_up), ok);
    (void)database.get(settle(database.executor(), database.info()));

    // Answered is not matched yet: the clock runs until the last is.
    auto const await_matches = [&] {
        while (database.get(count(database, "bench_unmatched", unmatched)) > 0) std::this_thread::sleep_for(std::chrono::milliseconds(5));
    };
    std::vector<int> const service{installation.service().pid()};
    std::vector<double> rates, ceilings, p99s, cpus;
    auto next = warm_up;
    for (std::size_t round = 0; round < rounds; ++round) {
        ceilings.push_back(static_cast<double>(healthz.size()) / load.run(healthz, ok).seconds);
        auto const before = cpu_of(service);
        auto const began = Steady::now();
        auto const outcome = load.run(some(next, in_round), ok);
        await_matches();
        rates.push_back(static_cast<double>(in_round) / std::chrono::duration<double>(Steady::now() - began).count());
        cpus.push_back((cpu_of(service) - before) / static_cast<double>(in_round));
        p99s.push_back(outcome.milliseconds[in_round * 99 / 100]);
        next += in_round;
    }
    auto const open_loop = load.run(some(next, scheduled), ok, {}, half_rate);
    await_matches();
    auto const left = database.get(count(database, "bench_unmatched_of_all", unmatched_of_all));
    auto const paid = database.get(count(database, "bench_paid", "SELECT count(*) FROM bank_credit WHERE reason = 'exact'"));
    if (left != 0 || paid != static_cast<std::int64_t>(total)) {
        throw Stop{Exit::negative, fmt::format("{} of {} were matched exactly, {} not at all", paid, total, left)};
    }
    installation.stop_service();
    return {
        {"notifications", median(rates), "1/s", ">=", 8'000},
        {"notification_p99_at_4000", open_loop.milliseconds[scheduled * 99 / 100], "ms", "<=", 50},
        {"notification_p50_at_4000", open_loop.milliseconds[scheduled / 2], "ms", "", 0},
        {"notification_p99", median(p99s), "ms", "", 0},
        {"notifications_over_healthz", median(rates) / median(ceilings), "ratio", "", 0},
        {"healthz", median(ceilings), "1/s", "", 0},
        {"service_cpu", median(cpus), "µs", "", 0},
    };
}

}  // namespace cho40::cli::bench
