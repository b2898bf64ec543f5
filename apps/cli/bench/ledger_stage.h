#pragma once
#include "adapters/stores/ledger_journal.h"
#include "apps/cli/bench/figure.h"
#include "apps/cli/bench/installation.h"
#include "apps/cli/database.h"
#include "ledger/writer.h"

namespace cho40::cli::bench {

using Steady = std::chrono::steady_clock;

// Ids and amounts that are as good as random and cost nothing.
class QuickRandom final : public Random {
public:
    explicit QuickRandom(std::uint64_t seed) : state_(seed) {}
    void fill(std::uint8_t* out, std::size_t size) override;
    [[nodiscard]] std::uint64_t next();

private:
    std::uint64_t state_;
};

// Processor time used so far, in microseconds.
[[nodiscard]] double own_cpu();
// Until nothing posts or seals for the group any more: a server goes on with what a killed service had begun.
void wait_for_group_to_rest(Database& database, std::string const& group);
[[nodiscard]] double cpu_of(std::vector<int> const& pids);

// What one round of something took.
struct Round {
    double seconds = 0;
    double cpu = 0;  // µs, of the program and of the database's connections that took part
    std::size_t transfers = 0;

    [[nodiscard]] double rate() const { return static_cast<double>(transfers) / seconds; }
    [[nodiscard]] double cpu_each() const { return cpu / static_cast<double>(transfers); }
};

// A ledger engine over the private database, as the service has it, with a writer group and one book of its own.
class Engine {
public:
    struct Options {
        std::string group;
        std::int64_t book = 0;
        std::size_t accounts = 10'000;
        std::size_t lanes = 2;
        std::int64_t part_rows = 1'000'000;
        bool one_account = false;  // every transfer debits the same account
        bool merkle = false;       // with a notary, as in the service
    };

    Engine(Database& database, Options options);
    ~Engine();
    Engine(Engine const&) = delete;
    Engine& operator=(Engine const&) = delete;

    // Posts so many transfers, 8,000 to a submission, four submissions on the way.
    [[nodiscard]] Round post(std::size_t transfers);
    // Rows of as many transfers, as COPY takes them: the limit that the engine is held against.
    [[nodiscard]] std::vector<std::vector<std::string>> copy_batches(std::size_t transfers, std::int16_t part);

    // Arrivals on a schedule, whatever the engine does. Latency of each from when it was due, in milliseconds, sorted.
    [[nodiscard]] std::vector<double> open_loop(std::size_t a_second, std::chrono::seconds length);

    void keep_parts();
    [[nodiscard]] Options const& options() const { return options_; }
    [[nodiscard]] ledger::Writer& writer() { return *writer_; }
    [[nodiscard]] stores::LedgerJournal& journal() { return *journal_; }
    [[nodiscard]] std::vector<int> backends();
    [[nodiscard]] ledger::Command command();

private:
    struct Signing;
    void open_accounts();
    [[nodiscard]] std::vector<ledger::Command> commands(std::size_t count);

    Database& database_;
    Options options_;
    SystemClock clock_;
    QuickRandom random_;
    observability::Log log_;
    stores::RowWriters writers_;
    std::unique_ptr<stores::LedgerJournal> journal_;
    std::unique_ptr<Signing> signing_;
    std::unique_ptr<ledger::Writer> writer_;
    bool running_ = false;
    std::int64_t copied_ = 0;
};

}  // namespace cho40::cli::bench
