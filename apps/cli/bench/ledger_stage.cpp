#include "apps/cli/bench/ledger_stage.h"
#include "adapters/identity/ledger_key.h"
#include "adapters/stores/batch_segment.h"
#include "adapters/stores/merkle_store.h"
#include "adapters/stores/notary_reports.h"
#include "base/spawn.h"
#include "ledger/notary.h"
#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <sys/resource.h>
#include <thread>
#include <unistd.h>

namespace cho40::cli::bench {
namespace {

using boost::asio::awaitable;

constexpr std::size_t submission = 8'000;
constexpr std::size_t on_the_way = 4;
constexpr std::int64_t first_account = 1;

constexpr postgres::Statement select_backends{"bench_backends", "SELECT pid::int8 FROM pg_stat_activity WHERE application_name = $1"};

double microseconds(timeval const& t) { return static_cast<double>(t.tv_sec) * 1e6 + static_cast<double>(t.tv_usec); }

}  // namespace

std::uint64_t QuickRandom::next()
{
    state_ += 0x9e3779b97f4a7c15ULL;
    auto z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
}

void QuickRandom::fill(std::uint8_t* out, std::size_t size)
{
    while (size > 0) {
        auto const bits = next();
        auto const n = std::min(size, sizeof bits);
        std::memcpy(out, &bits, n);
        out += n;
        size -= n;
    }
}

double own_cpu()
{
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    return microseconds(usage.ru_utime) + microseconds(usage.ru_stime);
}

double cpu_of(std::vector<int> const& pids)
{
    double ticks = 0;
    for (auto const pid : pids) {
        std::ifstream in(fmt::format("/proc/{}/stat", pid));
        std::string line;
        std::getline(in, line);
        auto const end = line.rfind(')');
        if (end == std::string::npos) continue;
        std::istringstream fields(line.substr(end + 2));
        std::string skipped;
        for (int i = 0; i < 11; ++i) fields >> skipped;
        double user = 0, system = 0;
        fields >> user >> system;
        ticks += user + system;
    }
    return ticks * 1e6 / static_cast<double>(sysconf(_SC_CLK_TCK));
}

// Signs each second, beside the posting.
struct Engine::Signing {
    Signing(Database& database, std::string const& group, Clock const& clock, observability::Log const& log)
        : key(identity::InstallationKey::make(system_random())), store(database.pool(), group), reports(log, metrics),
          notary(database.executor(), store, key, clock, reports), timer(database.executor())
    {
    }

    awaitable<void> run()
    {
        while (!stopping) {
            timer.expires_after(std::chrono::seconds(1));
            boost::system::error_code cancelled;
            co_await timer.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
            if (!stopping) (void)co_await notary.round();
        }
        ended = true;
    }

    observability::Metrics metrics;
    identity::LedgerKey key;
    stores::MerkleStore store;
    stores::NotaryReports reports;
    ledger::Notary notary;
    boost::asio::steady_timer timer;
    bool stopping = false;
    bool ended = false;
};

Engine::Engine(Database& database, Options options)
    : database_(database), options_(std::move(options)), random_(static_cast<std::uint64_t>(options_.book) * 7919),
      log_(clock_, observability::Level::error, [](std::string_view line) { fmt::print(stderr, "{}\n", line); })
{
    stores::JournalOptions journal;
    journal.writer_group = options_.group;
    journal.holder = "bench";
    journal.lanes = options_.lanes;
    journal.part_rows = options_.part_rows;
    journal_ = std::make_unique<stores::LedgerJournal>(database.executor(), database.info(), std::move(journal), writers_, clock_, log_);
    std::function<void(ledger::Batch const&)> after_commit;
    if (options_.merkle) {
        signing_ = std::make_unique<Signing>(database, options_.group, clock_, log_);
        after_commit = [this](ledger::Batch const& batch) { signing_->notary.on_committed(batch.journal); };
    }
    writer_ = std::make_unique<ledger::Writer>(database.executor(), *journal_, clock_, ledger::WriterLimits{}, std::move(after_commit));

    constexpr static postgres::Statement insert_book{
        "bench_insert_book", "INSERT INTO book (book_id, kind, name, writer_group, created_at) VALUES ($1, 1, 'Sổ đo', $2, now()) "
                             "ON CONFLICT DO NOTHING"};
    postgres::Segment segment;
    segment.add(insert_book, options_.book, options_.group);
    database.get([](postgres::Pool& pool, postgres::Segment s) -> awaitable<Result<Done>> {
        CHO_CO_TRY_DO(postgres::to_result(co_await pool.write(std::move(s))));
        co_return Done{};
    }(database.pool(), std::move(segment)));
    database.get(writer_->start());
    spawn(database.executor(), [](Engine& engine) -> awaitable<void> {
        engine.running_ = true;
        co_await engine.writer_->run();
        engine.running_ = false;
    }(*this));
    if (signing_) spawn(database.executor(), signing_->run());
    if (!writer_->state().balance(ledger::BookId{options_.book}, ledger::AccountNumber{first_account})) open_accounts();
}

Engine::~Engine()
{
    writer_->stop();
    journal_->give_up();
    if (signing_) {
        signing_->stopping = true;
        signing_->timer.cancel();
    }
    (void)database_.run([](Engine& engine) -> awaitable<bool> {
        boost::asio::steady_timer timer(engine.database_.executor());
        while (engine.running_ || (engine.signing_ && !engine.signing_->ended)) {
            timer.expires_after(std::chrono::milliseconds(1));
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
        co_return true;
    }(*this));
}

void Engine::open_accounts()
{
    std::vector<ledger::Command> opening;
    for (std::size_t i = 0; i < options_.accounts; i += submission) {
        ledger::Command command(ledger::BookId{options_.book});
        for (auto n = i; n < std::min(options_.accounts, i + submission); ++n) {
            command.open.push_back(ledger::Account{ledger::AccountNumber{first_account + static_cast<std::int64_t>(n)}});
        }
        opening.push_back(std::move(command));
    }
    database_.get([](Engine& engine, std::vector<ledger::Command> all) -> awaitable<Result<Done>> {
        for (auto& command : all) CHO_CO_TRY_DO(co_await engine.writer_->submit(std::move(command)));
        co_return Done{};
    }(*this, std::move(opening)));
}

ledger::Command Engine::command()
{
    static constexpr char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    auto const now = clock_.now();
    auto const pick = random_.next();
    auto const debit = options_.one_account ? 0 : static_cast<std::int64_t>(pick % options_.accounts);
    auto credit = static_cast<std::int64_t>((pick >> 32) % (options_.accounts - 1));
    if (credit >= debit) ++credit;
    std::string reference = "CQ";
    for (auto bits = random_.next(), i = std::uint64_t{0}; i < 7; ++i, bits >>= 5) reference += alphabet[bits & 31];
    ledger::Command command(ledger::BookId{options_.book});
    command.transfers.emplace_back(make_id<ledger::Transfer>(now, random_), ledger::AccountNumber{first_account + debit},
                                   ledger::AccountNumber{first_account + credit}, Dong(static_cast<std::int64_t>(1000 + pick % 500'000)),
                                   ledger::TransferCode::sale, std::move(reference), now);
    return command;
}

std::vector<ledger::Command> Engine::commands(std::size_t count)
{
    std::vector<ledger::Command> all;
    all.reserve(count);
    for (std::size_t i = 0; i < count; ++i) all.push_back(command());
    return all;
}

namespace {

std::vector<int> backends_of(Database& database, std::string const& group)
{
    postgres::Params name("cho40 ledger " + group);
    auto const ask = [](postgres::Pool& pool, postgres::Params p) -> awaitable<Result<std::vector<int>>> {
        CHO_CO_TRY(auto rows, postgres::to_result(co_await pool.read_one(select_backends, std::move(p))));
        std::vector<int> pids;
        for (auto const row : rows) pids.push_back(static_cast<int>(row.get<std::int64_t>(0)));
        co_return pids;
    };
    return database.get(ask(database.pool(), std::move(name)));
}

}  // namespace

void wait_for_group_to_rest(Database& database, std::string const& group)
{
    auto const until = Steady::now() + std::chrono::minutes(2);
    while (!backends_of(database, group).empty() && Steady::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(100));
}

std::vector<int> Engine::backends() { return backends_of(database_, options_.group); }

Round Engine::post(std::size_t transfers)
{
    // Made before the clock starts: the load is not the engine's work.
    std::vector<std::vector<ledger::Command>> submissions;
    for (std::size_t i = 0; i < transfers; i += submission) submissions.push_back(commands(std::min(submission, transfers - i)));
    // Each backend by itself: one that sealed a part and is just leaving takes its time with it.
    std::map<int, double> before;
    for (int const pid : backends()) before[pid] = cpu_of({pid});
    Round round;
    round.transfers = transfers;
    auto const cpu = own_cpu();
    auto const began = Steady::now();
    struct Work {
        Engine& engine;
        std::vector<std::vector<ledger::Command>>& submissions;
        std::size_t next = 0;
        std::size_t lanes_left = on_the_way;
        std::optional<Error> error{};
        OneShot<bool> done;
    } work{*this, submissions, 0, on_the_way, std::nullopt, OneShot<bool>(database_.executor())};
    auto const lane = [](Work& w) -> awaitable<void> {
        while (w.next < w.submissions.size() && !w.error) {
            auto const answers = co_await w.engine.writer_->submit_all(std::move(w.submissions[w.next++]));
            for (auto const& answer : answers) {
                if (!answer) w.error = answer.error();
            }
        }
        if (--w.lanes_left == 0) w.done.set(true);
    };
    for (std::size_t i = 0; i < on_the_way; ++i) spawn(database_.executor(), lane(work));
    (void)database_.run(work.done.wait());
    if (work.error) throw Stop{Exit::negative, "a transfer was refused: " + work.error->detail};
    round.seconds = std::chrono::duration<double>(Steady::now() - began).count();
    round.cpu = own_cpu() - cpu;
    for (int const pid : backends()) round.cpu += cpu_of({pid}) - before[pid];
    return round;
}

std::vector<std::vector<std::string>> Engine::copy_batches(std::size_t transfers, std::int16_t part)
{
    // Decided by a state of its own, so that the rows are the engine's in every column.
    ledger::State state;
    for (std::size_t i = 0; i < options_.accounts; ++i) {
        state.load_account(ledger::BookId{options_.book},
                           ledger::Account{ledger::AccountNumber{first_account + static_cast<std::int64_t>(i)}}, Dong());
    }
    state.load_head(ledger::BookId{options_.book}, copied_, 0, std::nullopt);
    std::vector<std::vector<std::string>> batches;
    for (std::size_t i = 0; i < transfers; i += submission) {
        auto const some = commands(std::min(submission, transfers - i));
        auto const batch = state.apply(some, clock_.now());
        state.settle();
        batches.push_back(stores::batch_copy_rows(batch, part));
        copied_ += static_cast<std::int64_t>(batch.journal.size());
    }
    return batches;
}

std::vector<double> Engine::open_loop(std::size_t a_second, std::chrono::seconds length)
{
    struct Work {
        Engine& engine;
        std::size_t missing;
        std::vector<double> latencies{};
        OneShot<bool> done;
    } work{*this, a_second * static_cast<std::size_t>(length.count()), {}, OneShot<bool>(database_.executor())};
    auto const total = work.missing;
    work.latencies.reserve(total);
    auto const one = [](Work& w, Steady::time_point due) -> awaitable<void> {
        auto const answer = co_await w.engine.writer_->submit(w.engine.command());
        if (!answer) throw Stop{Exit::negative, "a transfer was refused: " + answer.error().detail};
        w.latencies.push_back(std::chrono::duration<double, std::milli>(Steady::now() - due).count());
        if (--w.missing == 0) w.done.set(true);
    };
    auto const schedule = [one](Work& w, std::size_t count, double gap) -> awaitable<void> {
        boost::asio::steady_timer timer(w.engine.database_.executor());
        auto const began = Steady::now();
        for (std::size_t i = 0; i < count;) {
            auto const due = [&](std::size_t n) {
                return began + std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(gap * static_cast<double>(n)));
            };
            while (i < count && due(i) <= Steady::now()) {
                spawn(w.engine.database_.executor(), one(w, due(i)));
                ++i;
            }
            timer.expires_at(due(i));
            co_await timer.async_wait(boost::asio::use_awaitable);
        }
    };
    spawn(database_.executor(), schedule(work, total, 1.0 / static_cast<double>(a_second)));
    (void)database_.run(work.done.wait());
    std::ranges::sort(work.latencies);
    return std::move(work.latencies);
}

void Engine::keep_parts()
{
    (void)database_.run([](Engine& engine) -> awaitable<bool> {
        for (auto const& [book, seq] : co_await engine.journal_->keep_parts()) engine.writer_->drop_entries(book, seq);
        co_return true;
    }(*this));
}

}  // namespace cho40::cli::bench
