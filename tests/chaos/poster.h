#pragma once
#include "adapters/stores/ledger_journal.h"
#include "ledger/writer.h"
#include "tests/chaos/dice.h"
#include "tests/support/loop.h"

namespace cho40::chaos {

struct Settings {
    std::string database;
    std::string folder;           // of the record
    std::string name = "first";   // of the record, and who holds the lease
    std::uint64_t seed = 1;
    std::int64_t commands = 0;    // new ones; first of all, what was not answered in an earlier life is asked again
    bool refusals = false;        // the database refuses what it should not: some commands are lost to that, rightly
};

enum class Ending { done = 0, wrong = 1, lease_lost = 3, no_start = 5 };

// The real engine over a real database, under a load that is written down: what the kill tests kill. Says on standard
// output when it writes ("writing EPOCH"), and after each answer how many there were ("answered N").
class Poster {
public:
    explicit Poster(Settings settings);
    ~Poster();
    Poster(Poster const&) = delete;
    Poster& operator=(Poster const&) = delete;

    [[nodiscard]] Ending run();

private:
    boost::asio::awaitable<Ending> live();
    boost::asio::awaitable<bool> start();
    boost::asio::awaitable<void> keep_parts();
    boost::asio::awaitable<void> open_accounts();
    boost::asio::awaitable<void> ask_again();
    boost::asio::awaitable<void> post_singles();
    boost::asio::awaitable<void> post_bulks();
    boost::asio::awaitable<void> post(std::vector<Asked> commands);
    boost::asio::awaitable<void> repeat_one();
    void judge(std::vector<Asked> const& commands, std::vector<Result<ledger::Receipt>> const& answers);
    void wrong(std::string const& what);
    void lane(boost::asio::awaitable<void> work);
    [[nodiscard]] bool goes_on() const { return !is_wrong_ && writer_.is_writing(); }

    Settings settings_;
    Record record_;
    Dice dice_;
    tests::Loop loop_;
    SystemClock clock_;
    observability::Log log_;
    postgres::SharedConnectionInfo info_;
    stores::RowWriters writers_;
    stores::LedgerJournal journal_;
    ledger::Writer writer_;
    std::int64_t singles_left_;
    std::int64_t bulked_left_;
    std::int64_t answers_ = 0;
    int running_ = 0;  // coroutines beside live()
    bool is_wrong_ = false;
};

}  // namespace cho40::chaos
