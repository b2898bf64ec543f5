#include "apps/cli/bench/http.h"
#include "apps/cli/bench/api_key.h"
#include "apps/cli/bench/installation.h"
#include "apps/cli/bench/payments_stage.h"
#include "apps/cli/database.h"
#include "apps/cli/demo/stage.h"
#include <algorithm>
#include <fmt/format.h>

namespace cho40::cli::bench {
namespace {

using nlohmann::json;
using Steady = std::chrono::steady_clock;
template <class T>
using Await = boost::asio::awaitable<Result<T>>;

constexpr std::size_t connections = 64;
struct Load {
    double per_second = 0;
    double p50_ms = 0;
    double p99_ms = 0;
};

// `count` calls at `connections`; every answer must be 200.
Await<Load> drive(http::Client& client, std::size_t count, std::function<http::Outgoing(std::size_t)> request)
{
    std::vector<double> milliseconds(count);
    auto const began = Steady::now();
    auto call = [&](std::size_t i) -> boost::asio::awaitable<Result<Done>> {
        auto outgoing = request(i);
        auto const sent = Steady::now();
        auto result = co_await client.call(std::move(outgoing));
        milliseconds[i] = std::chrono::duration<double, std::milli>(Steady::now() - sent).count();
        if (!result.response) co_return tl::unexpected<Error>(result.response.error());
        if (result.response->status != 200) co_return fail(Errc::upstream_error, "status " + std::to_string(result.response->status));
        co_return Done{};
    };
    std::function<boost::asio::awaitable<Result<Done>>(std::size_t)> work = call;
    CHO_CO_TRY_DO(co_await demo::for_each(count, connections, std::move(work)));
    auto const took = std::chrono::duration<double>(Steady::now() - began).count();
    std::ranges::sort(milliseconds);
    co_return Load{static_cast<double>(count) / took, milliseconds[count / 2], milliseconds[count * 99 / 100]};
}

}  // namespace

std::vector<Figure> bench_http(bool quick)
{
    std::size_t const payments = quick ? 12'000 : 60'000;
    constexpr std::size_t warm_up = 1'000;
    PrivateInstallation installation;
    (void)installation.start_service();  // the first start migrates
    installation.stop_service();
    auto const started = installation.start_service();

    Database database(installation.database_url());
    auto const key = make_api_key(database, installation.installation_key());
    observability::Metrics metrics;
    http::ClientOptions options;
    options.name = "bench";
    options.connections_max = connections;
    options.waiting_max = 4096;
    http::Client client(database.executor(), options, metrics);
    demo::ApiClient api(database.executor(), client, installation.base(), key);
    auto const prepared = database.get(prepare_payments(api, warm_up + payments));

    auto const base = installation.base();
    auto const notify = [&](std::size_t i) {
        http::Outgoing request(http::Method::post, base + prepared.address, prepared.bodies[i]);
        request.headers.set("Content-Type", "application/json");
        return request;
    };
    // Plans made on empty tables are bad ones. Warm up, then have what a database has after its first hours.
    (void)database.get(drive(client, warm_up, notify));
    (void)database.get(settle(database.executor(), database.info()));
    auto const healthz = database.get(
        drive(client, quick ? 40'000 : 200'000, [&](std::size_t) { return http::Outgoing(http::Method::get, base + "/healthz"); }));
    auto const notifications = database.get(drive(client, payments, [&](std::size_t i) { return notify(warm_up + i); }));
    auto const resident = static_cast<double>(installation.service().resident_bytes()) / (1024.0 * 1024.0);
    client.close_idle();
    return {
        {"notifications_per_second", notifications.per_second, "1/s", ">=", 3000},
        {"notifications_over_healthz", notifications.per_second / healthz.per_second, "ratio", "", 0},
        {"notification_p50", notifications.p50_ms, "ms", "", 0},
        {"notification_p99", notifications.p99_ms, "ms", "", 0},
        {"healthz_per_second", healthz.per_second, "1/s", "", 0},
        {"start_to_ready", started.count(), "s", "<=", 2},
        {"service_memory", resident, "MB", "<=", 200},
    };
}

}  // namespace cho40::cli::bench
