#include "adapters/identity/api_keys.h"
#include "adapters/identity/needs.h"
#include "adapters/stores/people_store.h"
#include "apps/cli/database.h"
#include "apps/cli/demo/day.h"
#include "apps/cli/installation.h"
#include "apps/cli/io.h"
#include "base/digest.h"
#include "base/text.h"
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/format.h>
#include <iostream>

namespace cho40::cli {
namespace {

using demo::CountSum;

struct Options {
    std::string pilot = "deploy/pilot";
    std::string sign_ins;
    std::size_t stalls = 300;
    std::size_t payments = 20000;
    std::string seed;
};

demo::PilotFiles read_pilot(std::string const& directory)
{
    return {read_input(directory + "/markets.csv"), read_input(directory + "/stalls.csv"), read_input(directory + "/agencies.csv"),
            read_input(directory + "/users.csv")};
}

// Bytes that are the same whenever the same installation asks: SHA-256 over the installation's key and a counter.
class DerivedBytes final : public Random {
public:
    explicit DerivedBytes(Secret seed) : seed_(std::move(seed)) {}
    void fill(std::uint8_t* out, std::size_t size) override
    {
        for (std::size_t at = 0; at < size; at += 32) {
            auto const block = hmac_sha256(seed_.expose(), std::to_string(counter_++));
            std::copy_n(block.begin(), std::min<std::size_t>(32, size - at), out + at);
        }
    }

private:
    Secret seed_;
    int counter_ = 0;
};

// The demonstration's own API key, with every scope. It follows from the installation's key, so that every command is the
// same caller: what it did before under an Idempotency-Key is found again.
Secret demonstration_key(Database& database)
{
    auto const master = value_or_stop(identity::InstallationKey::parse(installation().installation.key.expose()), "installation.key");
    identity::KeyWish wish;
    wish.name = "demonstration";
    for (auto const scope : identity::known_scopes()) wish.scopes.emplace_back(scope);
    DerivedBytes bytes(master.derive("demonstration"));
    auto const now = SystemClock().now();
    auto made = value_or_stop(identity::make_key(std::move(wish), master, now, bytes), "key");
    made.record.id = Id<identity::ApiKey>(make_derived_uuid({"demonstration key"}));
    stores::PeopleStore people(database.pool());
    identity::AuditEntry entry;
    entry.id = make_id<identity::AuditRecord>(now, system_random());
    entry.at = now;
    entry.act = "users.key_made";
    entry.request_id = "cli";
    auto added = database.run(people.add_key(std::move(made.record), std::move(entry)));
    if (!added && added.error().code != Errc::stale) throw Stop{Exit::system_missing, added.error().detail};
    return made.text;
}

void print_sheet(demo::Played const& played, demo::Played const& read)
{
    auto const row = [](std::string_view name, CountSum const& did, CountSum const& booked) {
        fmt::print("  {:<34} {:>8} {:>20}   {}\n", name, booked.count, dong_text(booked.dong), did == booked ? "khớp" : "LỆCH");
    };
    fmt::print("\nSổ ngày (toàn bộ sạp)\n");
    fmt::print("  {:<34} {:>8} {:>20}\n", "Loại", "Số khoản", "Số tiền");
    row("Đủ", played.matched, read.matched);
    row("Thiếu", played.short_, read.short_);
    row("Dư", played.over, read.over);
    row("Đến muộn", played.late, read.late);
    row("Trả hai lần", played.duplicate, read.duplicate);
    row("Không ghi mã", played.nameless, read.nameless);
}

bool same(demo::Played const& a, demo::Played const& b)
{
    return a.matched == b.matched && a.short_ == b.short_ && a.over == b.over && a.late == b.late && a.duplicate == b.duplicate &&
           a.nameless == b.nameless;
}

demo::Played difference(demo::Played after, demo::Played const& before)
{
    auto const minus = [](CountSum& a, CountSum const& b) {
        a.count -= b.count;
        a.dong -= b.dong;
    };
    minus(after.matched, before.matched);
    minus(after.short_, before.short_);
    minus(after.over, before.over);
    minus(after.late, before.late);
    minus(after.duplicate, before.duplicate);
    minus(after.nameless, before.nameless);
    return after;
}

void write_sign_ins(std::string const& path, demo::Pilot const& pilot)
{
    std::string text = fmt::format("{:<14} {:<18} {}\n", "Sign-in", "Password", "Who");
    for (auto const& s : pilot.sign_ins) text += fmt::format("{:<14} {:<18} {}\n", s.login, s.password, s.who);
    write_file(path, text);
}

struct Outcome {
    bool well = true;
};

boost::asio::awaitable<Result<Outcome>> play_day(demo::Stage stage, Options options, demo::PilotFiles files, config::Config config)
{
    Outcome outcome;
    CHO_CO_TRY(auto pilot, co_await demo::load_pilot(stage, std::move(files), config.installation.key, config.portal.secret));
    CHO_CO_TRY_DO(co_await demo::add_stalls(stage, pilot, options.stalls));
    CHO_CO_TRY(auto before, co_await demo::read_day_books(stage, pilot));
    CHO_CO_TRY(auto played, co_await demo::play_sales(stage, pilot, options.payments));
    CHO_CO_TRY(auto fees, co_await demo::play_fees(stage, pilot, std::min<std::size_t>(40, options.payments / 50 + 1)));
    CHO_CO_TRY(auto after, co_await demo::read_day_books(stage, pilot));
    auto const read = difference(after, before);
    CHO_CO_TRY(auto recon, co_await demo::play_reconciliation(stage, pilot));
    CHO_CO_TRY(auto tax, co_await demo::play_filing(stage, pilot));

    fmt::print("Ngày chợ {}\n", Day::of(stage.clock.now()).to_vietnamese());
    print_sheet(played, read);
    outcome.well = same(played, read);
    fmt::print("\nPhí, lệ phí: {} thông báo, {} đã nộp ({}), {} biên lai, {} đã ghi vào hồ sơ\n", fees.notices, fees.paid,
               dong_text(fees.money.dong), fees.receipts, fees.written);
    outcome.well = outcome.well && fees.notices == fees.paid && fees.written == fees.paid;
    fmt::print("\nĐối soát\n");
    for (auto const& r : recon) {
        fmt::print("  {:<44} khớp {:>6}  chờ {:>6}  lệch {:>4}  {}\n", r.name, r.matched, r.waiting, r.breaks,
                   r.equations_hold ? "các đẳng thức đúng" : "ĐẲNG THỨC SAI");
        outcome.well = outcome.well && r.equations_hold;
    }
    auto const notices = fmt::format("{}", fmt::join(tax.notices, ", "));
    fmt::print("\nTờ khai 01/CNKD {} của {}: doanh thu {}, GTGT {}, TNCN {}; thông báo {}; {}\n", tax.period, tax.household,
               dong_text(tax.turnover.count()), dong_text(tax.vat.count()), dong_text(tax.pit.count()), notices, tax.state_text);
    outcome.well = outcome.well && tax.state == "accepted";
    co_return outcome;
}

// Something to look at on the first visit: a few sales at each stall, a fee waiting to be paid.
boost::asio::awaitable<Result<Outcome>> play_opening(demo::Stage stage, demo::PilotFiles files, config::Config config)
{
    CHO_CO_TRY(auto pilot, co_await demo::load_pilot(stage, std::move(files), config.installation.key, config.portal.secret));
    CHO_CO_TRY(auto played, co_await demo::play_sales(stage, pilot, 60));
    CHO_CO_TRY(auto fees, co_await demo::play_fees(stage, pilot, 2));
    CHO_CO_TRY_DO(co_await demo::play_filing(stage, pilot));
    fmt::print("{} lượt mua, {} biên lai\n", played.requests, fees.receipts);
    co_return Outcome{};
}

boost::asio::awaitable<Result<Outcome>> load(demo::Stage stage, Options options, demo::PilotFiles files, config::Config config)
{
    CHO_CO_TRY(auto pilot, co_await demo::load_pilot(stage, std::move(files), config.installation.key, config.portal.secret));
    if (!options.sign_ins.empty()) write_sign_ins(options.sign_ins, pilot);
    fmt::print("{} chợ, {} cơ quan, {} người dùng\n", pilot.markets.size(), pilot.agencies.size(), pilot.sign_ins.size());
    co_return Outcome{};
}

enum class Command { load, open, day };

void run(Command command, Options const& options)
{
    auto const config = installation();
    Database database("");
    auto const key = demonstration_key(database);
    SystemClock const clock;
    observability::Metrics metrics;
    http::ClientOptions client_options;
    client_options.name = "demo";
    client_options.connections_max = 64;
    client_options.waiting_max = 4096;
    client_options.response_bytes_max = 64 * 1024 * 1024;
    http::Client client(database.executor(), client_options, metrics);
    demo::ApiClient service(database.executor(), client, environment_or("CHO40_URL", "http://127.0.0.1:8080"), key);
    demo::ApiClient sandbox(database.executor(), client, environment_or("CHO40_SANDBOX_URL", "http://127.0.0.1:8081"), Secret(""));
    demo::Stage stage{service, sandbox, clock, {}, {}};
    stage.run = make_uuid7(clock.now(), system_random()).to_string();
    stage.seed = options.seed.empty() ? stage.run : options.seed;
    auto files = read_pilot(options.pilot);
    Outcome outcome;
    if (command == Command::load) outcome = database.get(load(stage, options, std::move(files), config));
    if (command == Command::open) outcome = database.get(play_opening(stage, std::move(files), config));
    if (command == Command::day) outcome = database.get(play_day(stage, options, std::move(files), config));
    client.close_idle();
    if (!outcome.well) throw Stop{Exit::negative, "what was played and what was booked differ; see the sheet"};
}

}  // namespace

void add_demo_commands(CLI::App& app)
{
    auto* group = app.add_subcommand("demo", "Plays a market against the running service and the sandbox");
    group->require_subcommand(1);
    auto options = std::make_shared<Options>();
    auto const add = [&](char const* name, char const* text, Command command) {
        auto* sub = group->add_subcommand(name, text);
        sub->add_option("--pilot", options->pilot, "Folder with markets.csv, stalls.csv, agencies.csv, users.csv");
        sub->callback([options, command] { run(command, *options); });
        return sub;
    };
    auto* load_command = add(
        "load", "Loads the pilot: markets, stalls, agencies, people.\nExample: cho40 demo load --sign-ins sign-ins.txt", Command::load);
    load_command->add_option("--sign-ins", options->sign_ins, "Where to write the table of sign-ins");
    add("open", "Plays the opening of a market day.\nExample: cho40 demo open", Command::open);
    auto* day = add("day",
                    "Plays a whole market day: sales, fees, reconciliation, a filing; prints the day sheet.\n"
                    "Example: cho40 demo day --stalls 300 --payments 20000 --seed 7",
                    Command::day);
    day->add_option("--stalls", options->stalls, "How many stalls")->check(CLI::Range(10, 5000));
    day->add_option("--payments", options->payments, "How many sales")->check(CLI::Range(1, 1000000));
    day->add_option("--seed", options->seed, "The same seed draws the same purchases; each run is trade of its own");
}

}  // namespace cho40::cli
