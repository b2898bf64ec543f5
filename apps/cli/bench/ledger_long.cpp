#include "apps/cli/bench/ledger_long.h"
#include "apps/cli/bench/ledger_statements.h"

namespace cho40::cli::bench {
namespace {

// Of the line that lies closest to all rounds, its last point over its first: one round alone is off by five in a hundred.
double last_over_first(std::vector<Round> const& rounds)
{
    auto const n = static_cast<double>(rounds.size());
    double sum = 0, moment = 0;
    for (std::size_t i = 0; i < rounds.size(); ++i) {
        sum += rounds[i].cpu_each();
        moment += rounds[i].cpu_each() * (static_cast<double>(i) - (n - 1) / 2);
    }
    auto const half_rise = moment / (n * (n * n - 1) / 12) * (n - 1) / 2;
    return (sum / n + half_rise) / (sum / n - half_rise);
}

}  // namespace

void measure_long_run(PrivateInstallation& installation, Database& database, std::size_t millions, std::vector<Figure>& figures)
{
    constexpr std::size_t million = 1'000'000;
    wait_for_group_to_rest(database, "main");
    // The service's own group, so that it finds the transfers when it starts.
    auto engine = std::make_unique<Engine>(database, Engine::Options{.group = "main", .book = 910});
    (void)engine->post(80'000);  // warming up
    std::vector<Round> rounds;
    for (std::size_t i = 0; i < std::max<std::size_t>(millions, 2); ++i) {
        rounds.push_back(engine->post(million));
        engine->keep_parts();
    }
    figures.push_back({"cpu_last_million_over_first", last_over_first(rounds), "ratio", "<=", 1.10});
    measure_statements(database, *engine, figures);
    engine.reset();

    (void)installation.start_service();
    installation.kill_service();
    auto const restart = installation.start_service();
    installation.stop_service();
    figures.push_back({"restart_after_kill", restart.count(), "s", "<=", 5});
}

void measure_merkle(Database& database, std::size_t rounds, std::size_t transfers, std::vector<Figure>& figures)
{
    Engine with(database, {.group = "bench-merkle-on", .book = 921, .merkle = true});
    Engine without(database, {.group = "bench-merkle-off", .book = 922});
    std::vector<double> on, off;
    for (std::size_t round = 0; round <= rounds; ++round) {
        auto const signed_round = with.post(transfers);
        auto const plain_round = without.post(transfers);
        if (round == 0) continue;
        on.push_back(signed_round.rate());
        off.push_back(plain_round.rate());
    }
    figures.push_back({"merkle_on_over_off", median(on) / median(off), "ratio", ">=", 0.90});
}

}  // namespace cho40::cli::bench
