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
    std::size_t lease_ends_after = SIZE_MAX;  // so many batches
    std::size_t recent = RecentTransfers::default_capacity;
    std::size_t looked_up = 0;
    int on_the_way = 0, most_on_the_way = 0;

    asio::awaitable<Result<State>> take_over() override
    {
        State state(StateLimits{.recent_transfers = recent, .versions = 1000});
        state.load_account(book, Account{AccountNumber{16}}, Dong());
        state.load_account(book, Account{AccountNumber{18}}, Dong());
        co_return state;
    }
    asio::awaitable<Result<std::vector<JournalRow>>> find(std::vector<Uuid> ids) override
    {
        looked_up += ids.size();
        std::vector<JournalRow> found;
        for (auto const& batch : batches) {
            for (auto const& row : batch->journal) {
                if (std::ranges::count(ids, row.transfer.id.uuid) > 0) found.push_back(row);
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
        if (!lease || batches.size() >= lease_ends_after) co_return Append{Written::lease_lost, {}};
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

// Answers in the order they came, for a writer whose batches are small.
struct InOrder : Bench {
    std::vector<std::int64_t> seqs() const
    {
        std::vector<std::int64_t> out;
        for (auto const& batch : journal.batches) {
            for (auto const& row : batch->journal) out.push_back(row.seq);
        }
        return out;
    }
    static std::vector<std::int64_t> counted(std::int64_t to)
    {
        std::vector<std::int64_t> out;
        for (std::int64_t i = 1; i <= to; ++i) out.push_back(i);
        return out;
    }
    static std::vector<Command> many(int count)
    {
        std::vector<Command> commands;
        for (int i = 0; i < count; ++i) commands.push_back(command(i));
        return commands;
    }
};
constexpr WriterLimits small{.queue_max = 1000, .batch_max = 4, .overlap_from = 4};

TEST(Writer, PreparesTheNextBatchWhileOneIsCommittedAndNeverAThird)
{
    InOrder bench;
    bench.run(small, InOrder::many(40));
    EXPECT_EQ(bench.journal.most_on_the_way, 2);
    EXPECT_EQ(bench.seqs(), InOrder::counted(40));
    for (auto const& [i, answer] : bench.answers) EXPECT_EQ(answer->last_seq, i + 1);
}

TEST(Writer, ARefusedBatchTakesBackWhatWasDecidedOnTopOfIt)
{
    InOrder bench;
    bench.journal.poison = "bad";
    auto commands = InOrder::many(16);
    commands[2] = command(2, "bad");
    bench.run(small, std::move(commands));
    EXPECT_EQ(bench.seqs(), InOrder::counted(15)) << "no hole where the refused one was";
    EXPECT_EQ(bench.answers.at(2).error().code, Errc::stale);
    for (auto const& [i, answer] : bench.answers) EXPECT_EQ(answer.has_value(), i != 2) << i;
}

TEST(Writer, ALeaseLostOnTheWayRefusesAllThatIsNotDurable)
{
    InOrder bench;
    bench.journal.lease_ends_after = 2;
    bench.run(small, InOrder::many(20));
    EXPECT_EQ(bench.answers.size(), 20u);
    for (auto const& [i, answer] : bench.answers) {
        if (i < 8) EXPECT_TRUE(answer) << i;
        else EXPECT_EQ(answer.error().code, Errc::writer_lost) << i;
    }
    EXPECT_EQ(bench.seqs(), InOrder::counted(8));
}

TEST(Writer, AnIdTooOldForMemoryIsLookedUpInTheJournal)
{
    InOrder bench;
    bench.journal.recent = 16;
    auto commands = InOrder::many(60);
    commands.push_back(command(0));                  // the first once more, long forgotten
    commands.push_back(command(1, "something else"));  // and one that says something else
    bench.run({.queue_max = 1000, .batch_max = 1, .overlap_from = 1000}, std::move(commands));
    EXPECT_EQ(bench.seqs(), InOrder::counted(60));
    EXPECT_TRUE(bench.answers.at(60)->replayed);
    EXPECT_EQ(bench.answers.at(60)->last_seq, 1);
    EXPECT_EQ(bench.answers.at(61).error().code, Errc::transfer_differs);
    EXPECT_EQ(bench.answers.at(61).error().pointer, "/transfers/0/reference");
    EXPECT_GT(bench.journal.looked_up, 0u);
}

TEST(Writer, WhatIsHeldEndsByTheClockAlsoWhenNobodyPosts)
{
    struct HandClock final : Clock {
        Instant at{std::chrono::seconds(1'700'000'000)};
        Instant now() const override { return at; }
    } clock;
    asio::io_context loop;
    JournalInMemory journal;
    Writer writer(loop.get_executor(), journal, clock, {});
    auto rethrow = [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    };
    auto story = [&]() -> asio::awaitable<void> {
        EXPECT_TRUE(co_await writer.start());
        asio::co_spawn(loop, writer.run(), rethrow);
        auto hold = command(1);
        hold.transfers[0].kind = TransferKind::pending;
        hold.transfers[0].timeout = std::chrono::seconds(30);
        EXPECT_TRUE(co_await writer.submit(std::move(hold)));
        EXPECT_EQ(writer.state().balance(book, AccountNumber{16})->debits_held, 10_vnd);
        clock.at += std::chrono::seconds(29);
        writer.tick();
        co_await asio::post(asio::use_awaitable);
        EXPECT_EQ(journal.batches.size(), 1u);
        clock.at += std::chrono::seconds(1);
        writer.tick();
        while (journal.batches.size() < 2) co_await asio::post(asio::use_awaitable);
        writer.stop();
    };
    asio::co_spawn(loop, story(), rethrow);
    loop.run();
    auto const& row = journal.batches.at(1)->journal.at(0);
    EXPECT_EQ(row.transfer.kind, TransferKind::expire);
    EXPECT_EQ(row.recorded_at, clock.at);
    EXPECT_EQ(writer.state().balance(book, AccountNumber{16})->debits_held, Dong());
}

// Between two turns of the loop a batch is neither in the queue nor on its way.
TEST(Writer, GivingWayInTheMiddleOfABatchLeavesNobodyWaiting)
{
    asio::io_context loop;
    JournalInMemory journal;
    FixedClock clock;
    Writer writer(loop.get_executor(), journal, clock, {});
    auto rethrow = [](std::exception_ptr e) {
        if (e) std::rethrow_exception(e);
    };
    std::vector<Result<Receipt>> answers;
    auto story = [&]() -> asio::awaitable<void> {
        EXPECT_TRUE(co_await writer.start());
        asio::co_spawn(loop, writer.run(), rethrow);
        std::vector<Command> commands;
        for (int i = 0; i < 2000; ++i) commands.push_back(command(i));  // several turns to decide
        asio::co_spawn(loop, writer.submit_all(std::move(commands)), [&](std::exception_ptr e, std::vector<Result<Receipt>> got) {
            rethrow(e);
            answers = std::move(got);
        });
        co_await asio::post(asio::use_awaitable);
        co_await asio::post(asio::use_awaitable);
        co_await asio::post(asio::use_awaitable);
        writer.give_way();
    };
    asio::co_spawn(loop, story(), rethrow);
    loop.run();
    ASSERT_EQ(answers.size(), 2000u);
    for (auto const& answer : answers) EXPECT_EQ(answer.error().code, Errc::writer_lost);
    EXPECT_TRUE(journal.batches.empty());
}

}  // namespace
}  // namespace cho40::ledger
