#include "apps/cli/fee/schedule.h"
#include "adapters/http/client.h"
#include "adapters/http/percent.h"
#include "apps/cli/installation.h"
#include "apps/cli/io.h"
#include "base/digest.h"
#include "base/uuid.h"
#include "fees/schedule_difference.h"
#include "fees/tables.h"
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace cho40::cli {
namespace {

using nlohmann::ordered_json;

// Every wrong cell on a line of its own, so that a person mends them all at once.
fees::FeeTables checked(std::string const& path, std::string const& csv)
{
    auto tables = fees::FeeTables::with_schedule(csv);
    if (tables) return *std::move(tables);
    auto const& error = tables.error();
    std::string message = path + ": " + error.detail;
    for (auto const& field : error.fields) message += fmt::format("\n  {}: {}", field.pointer, field.detail);
    throw Stop{Exit::negative, std::move(message)};
}

struct CheckOptions {
    std::string file, against;
    bool as_csv = false;
};

void check(CheckOptions const& options)
{
    auto const csv = read_input(options.file);
    auto const tables = checked(options.file, csv);
    auto const base = options.against.empty() ? std::string(fees::FeeTables::embedded_schedule()) : read_input(options.against);
    auto const changes = value_or_stop(fees::schedule_difference(base, csv),
                                       options.against.empty() ? "program's schedule" : options.against);
    if (options.as_csv) {
        std::cout << fees::difference_csv(changes);
        return;
    }
    ordered_json list = ordered_json::array();
    for (auto const& change : changes) {
        list.push_back({{"change", fees::schedule_change_name(change.kind)},
                        {"fee_code", change.fee_code},
                        {"first_date", change.first_day ? ordered_json(change.first_day->to_string()) : ordered_json(nullptr)},
                        {"text_vi", fees::change_text_vi(change)},
                        {"text_en", fees::change_text_en(change)}});
    }
    print_json(ordered_json{{"sha256", to_hex(sha256(csv))}, {"rows", tables.rates().size()}, {"changes", std::move(list)}}, 2);
}

struct ImportOptions {
    std::string file, note, url;
};

// Over the service's own operation, so that whose key it is stands in the trail and another person has to approve.
void import_schedule(ImportOptions const& options)
{
    auto csv = read_input(options.file);
    (void)checked(options.file, csv);
    auto const key = environment_or("CHO40_API_KEY", "");
    if (key.empty()) throw Stop{Exit::usage, "name the API key (scope admin:write) in CHO40_API_KEY"};
    boost::asio::io_context loop{1};
    observability::Metrics metrics;
    http::ClientOptions client_options;
    client_options.name = "cli";
    http::Client client(loop.get_executor(), client_options, metrics);
    auto url = options.url + "/v1/fee-schedules";
    if (!options.note.empty()) url += "?note=" + http::percent_encode(options.note);
    http::Outgoing request(http::Method::post, std::move(url), std::move(csv));
    request.headers.set("Content-Type", "text/csv");
    request.headers.set("Authorization", "Bearer " + key);
    request.headers.set("Idempotency-Key", make_uuid7(SystemClock().now(), system_random()).to_string());
    auto answered = boost::asio::co_spawn(loop, client.call(std::move(request)), boost::asio::use_future);
    loop.run();
    auto const result = answered.get();
    client.close_idle();
    if (!result.response) throw Stop{Exit::system_missing, options.url + " does not answer: " + result.response.error().detail};
    auto const body = ordered_json::parse(result.response->body_text(), nullptr, false);
    if (result.response->status != 201) {
        throw Stop{Exit::negative, body.is_object() ? body.value("detail", "refused") : fmt::format("HTTP {}", result.response->status)};
    }
    print_json(body, 2);
}

}  // namespace

void add_fee_schedule_commands(CLI::App& fee)
{
    auto* checking = fee.add_subcommand(
        "check-schedule", "Whether a fee schedule (CSV) is without mistakes, and what it changes: rows added, ended, changed, removed.\n"
                          "Exit 1 when a cell is wrong; every one is named with line and column. Nothing is written.");
    auto check_options = std::make_shared<CheckOptions>();
    checking->add_option("FILE", check_options->file, "the new schedule; - reads standard input")->required();
    checking->add_option("--against", check_options->against, "schedule to compare with; default: the one of the program");
    checking->add_flag("--csv", check_options->as_csv, "the difference as CSV instead of JSON");
    checking->callback([check_options] { check(*check_options); });

    auto* importing = fee.add_subcommand(
        "import-schedule", "Hands a fee schedule (CSV) in at the running service. It takes effect after another person has approved it,\n"
                           "by the days of its rows. The API key (scope admin:write) is read from CHO40_API_KEY.");
    auto import_options = std::make_shared<ImportOptions>();
    importing->add_option("FILE", import_options->file, "the new schedule; - reads standard input")->required();
    importing->add_option("--note", import_options->note, "for the one who decides: which act, why");
    import_options->url = environment_or("CHO40_URL", "http://127.0.0.1:8080");
    importing->add_option("--url", import_options->url, "where the service is; default: CHO40_URL, or http://127.0.0.1:8080");
    importing->callback([import_options] { import_schedule(*import_options); });
}

}  // namespace cho40::cli
