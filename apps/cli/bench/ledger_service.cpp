#include "apps/cli/bench/ledger_service.h"
#include "apps/cli/bench/api_key.h"
#include "apps/cli/bench/ledger_stage.h"
#include "apps/cli/bench/wire_load.h"
#include "apps/cli/demo/api_client.h"
#include <fmt/format.h>

namespace cho40::cli::bench {
namespace {

using nlohmann::json;

constexpr std::size_t accounts = 8'000;
constexpr std::size_t bulk_lines = 1'000;
constexpr std::size_t bulk_connections = 8;
constexpr std::size_t single_connections = 64;

struct Sizes {
    std::size_t rounds;
    std::size_t bulk_requests;  // in a round
    std::size_t singles;        // in a round
    std::size_t open_loop;      // requests at 5,000 a second
};
constexpr Sizes full{7, 200, 60'000, 100'000};
constexpr Sizes quick_sizes{3, 60, 20'000, 20'000};

// Makes the requests of one book, whole, before the time is taken. Ids are made here, moments before they are sent, as clients
// do: the ledger knows the newest by heart.
class Requests {
public:
    Requests(std::string book, std::string key) : book_(std::move(book)), key_(std::move(key)) {}

    [[nodiscard]] std::vector<std::string> bulk(std::size_t count)
    {
        std::vector<std::string> requests;
        for (std::size_t i = 0; i < count; ++i) {
            std::string body = fmt::format(R"({{"book":"{}","transfers":[)", book_);
            for (std::size_t n = 0; n < bulk_lines; ++n) body += (n ? ",{" : "{") + line() + "}";
            requests.push_back(wire_request("/v1/ledger/transfers/bulk", key_, body + "]}"));
        }
        return requests;
    }

    [[nodiscard]] std::vector<std::string> singles(std::size_t count)
    {
        std::vector<std::string> requests;
        for (std::size_t i = 0; i < count; ++i) {
            requests.push_back(wire_request("/v1/ledger/transfers", key_, fmt::format(R"({{"book":"{}",{}}})", book_, line())));
        }
        return requests;
    }

private:
    std::string line()
    {
        auto const id = make_uuid7(clock_.now(), random_);
        auto const debit = 1 + random_.next() % accounts;
        auto const credit = 1 + (debit + random_.next() % (accounts - 1)) % accounts;
        return fmt::format(
            R"("id":"trf_{}","debit":{},"credit":{},"amount":{{"amount":{},"currency":"VND"}},"code":1200,"reference":"DH{:08}")",
            id.to_base32(), debit, credit, 1'000 + random_.next() % 1'000'000, ++count_ % 100'000'000);
    }

    std::string book_;
    std::string key_;
    SystemClock clock_;
    QuickRandom random_{20261122};
    std::size_t count_ = 0;
};

boost::asio::awaitable<Result<std::string>> prepare_book(demo::ApiClient& api)
{
    json body = {{"name", "Sổ đo"}};
    CHO_CO_TRY(auto made, co_await api.post("/v1/ledger/books", std::move(body), "bench/ledger-book"));
    auto const book = made.at("book").get<std::string>();
    json list = json::array();
    for (std::size_t n = 1; n <= accounts; ++n) list.push_back({{"number", n}});
    json opening = {{"accounts", std::move(list)}};
    CHO_CO_TRY(auto opened, co_await api.post("/v1/ledger/books/" + book + "/accounts", std::move(opening), "bench/ledger-accounts"));
    co_return book;
}

}  // namespace

void measure_service(PrivateInstallation& installation, Database& database, bool quick, std::optional<double> copy_rate,
                     std::vector<Figure>& figures)
{
    auto const& sizes = quick ? quick_sizes : full;
    (void)installation.start_service();
    auto const key = make_api_key(database, installation.installation_key());
    observability::Metrics metrics;
    http::Client client(database.executor(), http::ClientOptions{.name = "bench"}, metrics);
    demo::ApiClient api(database.executor(), client, installation.base(), key);
    Requests requests(database.get(prepare_book(api)), key.expose());
    client.close_idle();

    WireLoad bulk(installation.port(), bulk_connections);
    WireLoad single(installation.port(), single_connections);
    constexpr int created = 201;
    constexpr int ok = 200;
    constexpr std::string_view refusal = R"("refused")";
    std::vector<double> bulk_rates;
    std::vector<double> single_rates;
    double bulk_cpu = 0;
    double single_cpu = 0;
    std::vector<int> const service{installation.service().pid()};
    for (std::size_t round = 0; round <= sizes.rounds; ++round) {
        auto const many = requests.bulk(sizes.bulk_requests);
        auto const before_bulk = cpu_of(service);
        auto const posted = static_cast<double>(many.size() * bulk_lines);
        auto const in_bulk = posted / bulk.run(many, ok, refusal).seconds;
        auto const bulk_used = (cpu_of(service) - before_bulk) / posted;
        auto const one_by_one = requests.singles(sizes.singles);
        auto const before_singles = cpu_of(service);
        auto const alone = static_cast<double>(one_by_one.size()) / single.run(one_by_one, created).seconds;
        auto const single_used = (cpu_of(service) - before_singles) / static_cast<double>(one_by_one.size());
        if (round == 0) continue;  // warming up
        bulk_rates.push_back(in_bulk);
        single_rates.push_back(alone);
        bulk_cpu += bulk_used / static_cast<double>(sizes.rounds);
        single_cpu += single_used / static_cast<double>(sizes.rounds);
    }
    auto const scheduled = single.run(requests.singles(sizes.open_loop), created, {}, 5'000.0);
    installation.stop_service();

    auto const rate = median(bulk_rates);
    if (copy_rate) figures.push_back({"service_bulk_over_copy", rate / *copy_rate, "ratio", ">=", 0.40});
    figures.push_back({"service_single_transfers", median(single_rates), "1/s", ">=", 10'000});
    figures.push_back({"service_single_p99_at_5000", scheduled.milliseconds[scheduled.milliseconds.size() * 99 / 100], "ms", "<=", 25});
    figures.push_back({"service_single_p50_at_5000", scheduled.milliseconds[scheduled.milliseconds.size() / 2], "ms", "", 0});
    figures.push_back({"service_bulk_transfers", rate, "1/s", "", 0});
    figures.push_back({"service_bulk_cpu", bulk_cpu, "µs", "", 0});
    figures.push_back({"service_single_cpu", single_cpu, "µs", "", 0});
}

}  // namespace cho40::cli::bench
