#include "apps/cli/bench/recon_import.h"
#include "adapters/observability/metrics.h"
#include "adapters/postgres/connection.h"
#include "apps/cli/bench/api_key.h"
#include "apps/cli/bench/installation.h"
#include "apps/cli/bench/timed_command.h"
#include "apps/cli/demo/api_client.h"
#include "apps/cli/io.h"
#include <chrono>
#include <fstream>
#include <sstream>

namespace cho40::cli::bench {
namespace {

namespace fs = std::filesystem;
using boost::asio::awaitable;
using nlohmann::json;
using Steady = std::chrono::steady_clock;

constexpr std::size_t column_of_business_date = 2;

// The day that the first line of the file is about.
std::string day_of(fs::path const& provider_csv)
{
    std::ifstream in(provider_csv, std::ios::binary);
    std::string line;
    std::getline(in, line);
    std::getline(in, line);
    std::istringstream cells(line);
    for (std::size_t i = 0; i <= column_of_business_date; ++i) std::getline(cells, line, ',');
    return line;
}

std::string packed_bytes(fs::path const& file, fs::path const& packed)
{
    if (timed_run({"gzip", "-1", "-c", file.string()}, packed).exit_code != 0) throw Stop{Exit::system_missing, "gzip does not run"};
    std::ifstream in(packed, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

awaitable<Result<std::string>> open_partner(demo::ApiClient& api)
{
    json market_body = {{"name", "Chợ đo"}, {"ward_code", "06685"}};
    CHO_CO_TRY(auto market, co_await api.post("/v1/markets", std::move(market_body), "bench/market"));
    json rail_body = {
        {"place", market.at("id")}, {"rail", "payos"}, {"name", "payOS"}, {"channel", "provider"}, {"secret", "bench-checksum-key"}};
    CHO_CO_TRY(auto rail, co_await api.post("/v1/rail-accounts", std::move(rail_body), "bench/rail"));
    co_return rail.at("id").get<std::string>();
}

awaitable<Result<json>> send(demo::ApiClient& api, std::string path, std::string body, std::string intention)
{
    http::Outgoing request(http::Method::post, std::move(path), std::move(body));
    request.headers.set("Content-Type", "text/csv");
    request.headers.set("Content-Encoding", "gzip");
    request.headers.set("Idempotency-Key", demo::key_for(intention));
    request.deadline = std::chrono::minutes(5);
    CHO_CO_TRY(auto response, co_await api.call(std::move(request)));
    co_return json::parse(response.body_text(), nullptr, false);
}

awaitable<Result<std::int64_t>> files_kept(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info)
{
    static constexpr postgres::Statement statement{"bench_recon_files", "SELECT count(*) FROM recon_file"};
    CHO_CO_TRY(auto connection, postgres::to_result(co_await postgres::Connection::connect(executor, info)));
    postgres::Params none;
    CHO_CO_TRY(auto rows, postgres::to_result(co_await connection->execute(statement, std::move(none))));
    co_return rows[0].get<std::int64_t>(0);
}

}  // namespace

std::vector<Figure> bench_import(fs::path const& provider_csv, fs::path const& packed, bool whole)
{
    PrivateInstallation installation;
    (void)installation.start_service();
    Database database(installation.database_url());
    auto const key = make_api_key(database, installation.installation_key());
    observability::Metrics metrics;
    http::Client client(database.executor(), http::ClientOptions{.name = "bench"}, metrics);
    demo::ApiClient api(database.executor(), client, installation.base(), key);
    auto const partner = database.get(open_partner(api));
    auto const body = packed_bytes(provider_csv, packed);
    auto const path = "/v1/recon/files?side=provider&source=" + partner + "&date=" + day_of(provider_csv) + "&revision=1";
    auto timed = [&](std::string const& intention, json& answer) {
        auto const began = Steady::now();
        answer = database.get(send(api, path, body, intention));
        return std::chrono::duration<double>(Steady::now() - began).count();
    };
    json first, again;
    auto const first_seconds = timed("bench/file", first);
    auto const resident = static_cast<double>(installation.service().resident_bytes()) / 1e6;
    auto const kept = database.get(files_kept(database.executor(), database.info()));
    auto const again_seconds = timed("bench/file again", again);
    if (again.value("result", "") != "duplicate_file" || again.value("id", "") != first.value("id", "-") ||
        database.get(files_kept(database.executor(), database.info())) != kept) {
        throw Stop{Exit::negative, "a file sent twice was answered with " + again.dump()};
    }
    client.close_idle();
    installation.stop_service();
    return {
        {"imported_lines", first.value("lines", 0.0), "", "", 0},
        {"import", first_seconds, "s", "", 0},
        {"import_again", again_seconds, "s", whole ? "<=" : "", 5},
        {"service_memory_after_import", resident, "MB", "", 0},
    };
}

}  // namespace cho40::cli::bench
