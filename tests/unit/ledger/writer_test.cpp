#include "ledger/writer.h"
#include "tests/support/run.h"
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gtest/gtest.h>

namespace cho40::ledger {
namespace {

using namespace cho40::literals;
namespace asio = boost::asio;

constexpr BookId book{1};

struct FixedClock final : Clock {
    Instant now() const override { return Instant(std::chrono::seconds(1'700'000'000)); }
};

// Keeps batches in memory and does as it is told: commit, refuse what names a poisoned reference, lose the lease.
struct JournalInMemory final : Journal {
    std::vector<std::shared_ptr<Batch const>> batches;
    std::string poison;
    bool lease = true;
    int on_the_way = 0, most_on_the_way = 0;

    asio::awaitable<Result<State>> take_over() override
    {
        State state;
        state.load_account(book, Account{AccountNumber{16}}, Dong());
        state.load_account(book, Account{AccountNumber{18}}, Dong());
        co_return state;
    }
    asio::awaitable<Result<std::vector<JournalRow>>> find(std::vector<TransferKey> keys) override
    {
        std::vector<JournalRow> found;
        for (auto const& batch : batches) {
            for (auto const& row : batch->journal) {
                for (auto const& key : keys) {
                    if (key.book == row.book && key.id == row.transfer.id.uuid) found.push_back(row);
                }
            }
        }
        co_return found;
    }
    asio::awaitable<Append> append(std::shared_ptr<Batch const> batch, Turn turn) override
    {
        ++on_the_way;
        most_on_the_way = std::max(most_on_the_way, on_the_way);
        co_await asio::post(asio::use_awaitable);  // a round trip
        bool const mine = co_await turn();
        --on_the_way;
        if (!mine) co_return Append{Written::abandoned, {}};
        if (!lease) co_return Append{Written::lease_lost, {}};
        for (auto const& row : batch->journal) {
            if (!poison.empty() && row.transfer.reference == poison) co_return Append{Written::refused, "23505"};
        }
        batches.push_back(std::move(batch));
        co_return Append{};
    }
};

Command command(int n, std::string reference = "r")
{
    Command c(book);
    c.transfers.emplace_back(Id<Transfer>(make_derived_uuid({std::to_string(n)})), AccountNumber{16}, AccountNumber{18}, 10_vnd,
                             TransferCode::sale, std::move(reference), Instant{});
    return c;
}

struct Bench {
    asio::io_context loop;
    JournalInMemory journal;
    FixedClock clock;
    std::map<int, Result<Receipt>> answers;
    int left_in_the_journal = 0;  // when run() ended

    void run(WriterLimits limits, std::vector<Command> commands)
    {
        Writer writer(loop.get_executor(), journal, clock, limits);
        std::size_t left = commands.size();
        auto fail_on_exception = [](std::exception_ptr e) {
            if (e) std::rethrow_exception(e);
        };
        auto all = [&]() -> asio::awaitable<void> {
            auto started = co_await writer.start();
            EXPECT_TRUE(started);
            asio::co_spawn(loop, writer.run(), [&](std::exception_ptr e) {
                left_in_the_journal = journal.on_the_way;
                fail_on_exception(e);
            });
            for (std::size_t i = 0; i < commands.size(); ++i) {
                asio::co_spawn(loop, writer.submit(commands[i]), [&, i](std::exception_ptr e, Result<Receipt> answer) {
                    if (e) std::rethrow_exception(e);
                    answers.emplace(static_cast<int>(i), std::move(answer));
                    if (--left == 0) writer.stop();
                });
            }
        };
        asio::co_spawn(loop, all(), fail_on_exception);
        loop.run();
    }
};

TEST(Writer, TakesWhatWaitsAsOneBatchAndAnswersAll)
{
    Bench bench;
    std::vector<Command> commands;
    for (int i = 0; i < 100; ++i) commands.push_back(command(i));
    bench.run({}, std::move(commands));
    EXPECT_EQ(bench.answers.size(), 100u);
    EXPECT_LE(bench.journal.batches.size(), 2u);
    for (auto const& [i, answer] : bench.answers) EXPECT_TRUE(answer);
}

TEST(Writer, ACommandTheDatabaseRefusesDoesNotTakeOthersWithIt)
{
    Bench bench;
    bench.journal.poison = "bad";
    bench.run({}, {command(1), command(2, "bad"), command(3)});
    EXPECT_TRUE(bench.answers.at(0));
    EXPECT_EQ(bench.answers.at(1).error().code, Errc::stale);
    EXPECT_TRUE(bench.answers.at(2));
    std::int64_t seq = 0;
    for (auto const& batch : bench.journal.batches) {
        for (auto const& row : batch->journal) EXPECT_EQ(row.seq, ++seq);
    }
    EXPECT_EQ(seq, 2);
}

TEST(Writer, AFullQueueSaysSo)
{
    Bench bench;
    bench.run({.queue_max = 2, .batch_max = 1}, {command(1), command(2), command(3), command(4), command(5), command(6)});
    std::size_t full = 0;
    for (auto const& [i, answer] : bench.answers) full += !answer && answer.error().code == Errc::queue_full;
    EXPECT_GT(full, 0u);
    EXPECT_EQ(bench.answers.size(), 6u);
}

TEST(Writer, WithoutTheLeaseNothingIsAnsweredAsDone)
{
    Bench bench;
    bench.journal.lease = false;
    bench.run({}, {command(1), command(2)});
    for (auto const& [i, answer] : bench.answers) EXPECT_EQ(answer.error().code, Errc::writer_lost);
    EXPECT_EQ(bench.answers.size(), 2u);
}

// Found by freezing a writer past its lease: the journal was gone while the second batch was still in it.
TEST(Writer, ThatHasLostTheLeaseEndsWhenTheJournalHasLetGoOfAllBatches)
{
    Bench bench;
    bench.journal.lease = false;
    bench.run({.batch_max = 1, .overlap_from = 1}, {command(1), command(2), command(3)});
    EXPECT_EQ(bench.journal.most_on_the_way, 2);
    EXPECT_EQ(bench.left_in_the_journal, 0);
    for (auto const& [i, answer] : bench.answers) EXPECT_EQ(answer.error().code, Errc::writer_lost);
    EXPECT_EQ(bench.answers.size(), 3u);
}

}  // namespace
}  // namespace cho40::ledger
