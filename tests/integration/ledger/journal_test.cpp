#include "adapters/stores/ledger_journal.h"
#include "ledger/writer.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <algorithm>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <thread>

namespace cho40::stores {
namespace {

using namespace cho40::literals;
using boost::asio::awaitable;
using ledger::AccountNumber;
using ledger::Command;
using ledger::Receipt;
using tests::TestDatabase;

constexpr ledger::BookId book{9'001};
constexpr int gate_lock = 4'711;
constexpr Instant happened_at = Instant(std::chrono::seconds(1'795'000'000));  // the same whenever it is told

struct Mark final : ledger::AttachedRow {
    explicit Mark(std::int64_t n) : number(n) {}
    std::int64_t number;
};
// Waits at a gate that a test may close, so that a batch can be stopped between its first statement and its commit.
constexpr postgres::Statement insert_marks{
    "jt_insert_marks",
    "INSERT INTO jt_mark (number) SELECT n FROM unnest($1::int8[]) AS u(n) WHERE pg_advisory_xact_lock_shared(4711) IS NOT NULL"};

RowWriters mark_writers()
{
    RowWriters writers;
    writers.add<Mark>(insert_marks,
                      [](auto rows) { return postgres::Params(column<std::int64_t>(rows, [](auto const& r) { return r.number; })); });
    return writers;
}

Command sale(int n, std::int64_t mark)
{
    Command c(book);
    c.open = {ledger::Account{AccountNumber{16}}, ledger::Account{AccountNumber{18}}};
    c.transfers.emplace_back(Id<ledger::Transfer>(make_derived_uuid({"journal test", std::to_string(n)})), AccountNumber{16},
                             AccountNumber{18}, 10_vnd, ledger::TransferCode::sale, fmt::format("S{}", n), happened_at);
    c.rows.push_back(std::make_shared<Mark>(mark));
    return c;
}

// A writer of its own over the test's database; several of them fight for one lease.
struct Instance {
    Instance(tests::Loop& l, std::string name, std::size_t copy = 256, ledger::WriterLimits writer_limits = {}, std::size_t lane_count = 2)
        : loop(l), holder(std::move(name)), copy_from(copy), limits(writer_limits), lanes(lane_count)
    {
    }
    ~Instance()
    {
        writer.stop();
        loop.drain();
    }
    Instance(Instance const&) = delete;
    Instance& operator=(Instance const&) = delete;

    void start()
    {
        ASSERT_TRUE(loop.run(writer.start()));
        boost::asio::co_spawn(loop.executor(), writer.run(), boost::asio::detached);
    }
    // Submits all at once; answers in the order of the commands, when all have one.
    void submit(std::vector<Command> commands)
    {
        answers.assign(commands.size(), std::nullopt);
        for (std::size_t i = 0; i < commands.size(); ++i) {
            boost::asio::co_spawn(loop.executor(), writer.submit(std::move(commands[i])),
                                  [this, i](std::exception_ptr e, Result<Receipt> answer) {
                                      if (e) std::rethrow_exception(e);
                                      answers[i] = std::move(answer);
                                  });
        }
    }
    [[nodiscard]] bool answered() const
    {
        return std::ranges::all_of(answers, [](auto const& a) { return a.has_value(); });
    }
    [[nodiscard]] bool wait()
    {
        return loop.run(tests::eventually([this] { return answered(); }));
    }

    tests::Loop& loop;
    std::string holder;
    std::size_t copy_from;
    ledger::WriterLimits limits;
    std::size_t lanes;
    SystemClock clock;
    int retries = 0;  // times a batch was tried again
    int doubts = 0;   // of these, because nobody could say whether it stands
    observability::Log log{clock, observability::Level::warning, [this](std::string_view line) {
                               retries += line.find("ledger.append_retried") != std::string_view::npos;
                               doubts += line.find("\"in_doubt\":true") != std::string_view::npos;
                           }};
    RowWriters writers = mark_writers();
    LedgerJournal journal{loop.executor(),
                          TestDatabase::instance().info(),
                          JournalOptions{.writer_group = "journal-test", .holder = holder, .lanes = lanes, .copy_from = copy_from},
                          writers,
                          clock,
                          log};
    ledger::Writer writer{loop.executor(), journal, clock, limits};
    std::vector<std::optional<Result<Receipt>>> answers;
};

class Journal : public testing::Test {
protected:
    void SetUp() override
    {
        database.truncate_all();
        database.sql().run("DROP TABLE IF EXISTS jt_mark; CREATE TABLE jt_mark (number int8 PRIMARY KEY)");
        database.sql().run(fmt::format("INSERT INTO book VALUES ({}, 1, 'Sổ thử', 'journal-test', now())", book.value));
    }
    void close_gate() { database.sql().run(fmt::format("SELECT pg_advisory_lock({})", gate_lock)); }
    void open_gate() { database.sql().run(fmt::format("SELECT pg_advisory_unlock({})", gate_lock)); }
    // The backend that stands at the gate, or 0.
    int at_the_gate()
    {
        auto const pid = database.sql().value(
            fmt::format("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = {} AND NOT granted", gate_lock));
        return pid.empty() ? 0 : std::stoi(pid);
    }
    std::string marks() { return database.sql().value("SELECT coalesce(string_agg(number::text, ',' ORDER BY number), '') FROM jt_mark"); }
    std::string sequence()
    {
        return database.sql().value("SELECT coalesce(string_agg(seq || ':' || reference, ',' ORDER BY seq), '') FROM journal");
    }

    tests::Loop loop;
    TestDatabase& database = TestDatabase::instance();
};

TEST_F(Journal, WhatWasWrittenIsWhatTheNextWriterFinds)
{
    Instance first(loop, "first");
    first.start();
    first.submit({sale(1, 1), sale(2, 2), sale(3, 3)});
    ASSERT_TRUE(first.wait());
    for (auto const& answer : first.answers) EXPECT_TRUE(*answer);
    EXPECT_EQ(sequence(), "1:S1,2:S2,3:S3");
    EXPECT_EQ(marks(), "1,2,3");

    Instance second(loop, "second");
    second.start();
    EXPECT_EQ(second.writer.state().balance(book, AccountNumber{16})->posted, 30_vnd);
    EXPECT_EQ(second.writer.state().journal_seq(book), 3);
    second.submit({sale(2, 2)});  // told again
    ASSERT_TRUE(second.wait());
    ASSERT_TRUE(*second.answers[0]);
    EXPECT_TRUE((*second.answers[0])->replayed);
    EXPECT_EQ(sequence(), "1:S1,2:S2,3:S3");
}

// Each start used to make a part of its own; after two of them nobody knew what stood in the parts before.
TEST_F(Journal, StartingAgainAndAgainMakesNoPartsAndForgetsNothing)
{
    Instance first(loop, "first");
    first.start();
    first.submit({sale(1, 1)});
    ASSERT_TRUE(first.wait());
    Instance second(loop, "second"), third(loop, "third"), fourth(loop, "fourth");
    second.start();
    third.start();
    fourth.start();
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM journal_part WHERE writer_group = 'journal-test'"), "1");
    fourth.submit({sale(1, 1)});
    ASSERT_TRUE(fourth.wait());
    ASSERT_TRUE(*fourth.answers[0]);
    EXPECT_TRUE((*fourth.answers[0])->replayed);
}

TEST_F(Journal, WhatLiesBeforeEmptyPartsIsLookedUp)
{
    Instance first(loop, "first");
    first.start();
    first.submit({sale(1, 1)});
    ASSERT_TRUE(first.wait());
    database.sql().run("INSERT INTO journal_part (part, writer_group, state, opened_at) "
                       "VALUES (2, 'journal-test', 1, now()), (3, 'journal-test', 1, now())");
    database.sql().run("CREATE TABLE IF NOT EXISTS journal_p00000002 PARTITION OF journal FOR VALUES FROM (2) TO (3)");
    Instance second(loop, "second");
    second.start();
    second.submit({sale(1, 1)});
    ASSERT_TRUE(second.wait());
    ASSERT_TRUE(*second.answers[0]);
    EXPECT_TRUE((*second.answers[0])->replayed);
}

TEST_F(Journal, AWriterWhoseLeaseWasTakenWritesNothingMore)
{
    Instance old(loop, "old");
    old.start();
    Instance current(loop, "current");
    current.start();
    old.submit({sale(1, 1)});
    ASSERT_TRUE(old.wait());
    EXPECT_EQ((*old.answers[0]).error().code, Errc::writer_lost);
    EXPECT_EQ(sequence(), "");
    EXPECT_EQ(marks(), "");
    current.submit({sale(1, 1)});
    ASSERT_TRUE(current.wait());
    EXPECT_TRUE(*current.answers[0]);
    EXPECT_EQ(sequence(), "1:S1");
}

TEST_F(Journal, ATakeoverWaitsForABatchThatIsOnItsWayAndSeesIt)
{
    Instance old(loop, "old");
    old.start();
    close_gate();
    old.submit({sale(1, 1)});
    ASSERT_TRUE(loop.run(tests::eventually([&] { return at_the_gate() != 0; })));
    Instance current(loop, "current");
    bool taken = false;
    boost::asio::co_spawn(loop.executor(), current.writer.start(), [&](std::exception_ptr e, Result<Done> started) {
        EXPECT_FALSE(e);
        EXPECT_TRUE(started);
        taken = true;
    });
    ASSERT_TRUE(loop.run(tests::eventually([&] {
        return database.sql().value(
                   "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'INSERT INTO ledger_lease%'") ==
               "1";
    })));
    EXPECT_FALSE(taken);
    open_gate();
    ASSERT_TRUE(loop.run(tests::eventually([&] { return taken && old.answered(); })));
    EXPECT_TRUE(*old.answers[0]);
    EXPECT_EQ(current.writer.state().journal_seq(book), 1);
}

TEST_F(Journal, WhatTheDatabaseRefusesLeavesNoTraceAndItsNeighboursPass)
{
    Instance one(loop, "one");
    one.start();
    one.submit({sale(1, 7), sale(2, 7), sale(3, 8)});  // mark 7 twice: refused by its key
    ASSERT_TRUE(one.wait());
    EXPECT_TRUE(*one.answers[0]);
    EXPECT_EQ((*one.answers[1]).error().code, Errc::stale);
    EXPECT_TRUE(*one.answers[2]);
    EXPECT_EQ(sequence(), "1:S1,2:S3");
    EXPECT_EQ(marks(), "7,8");
}

TEST_F(Journal, AConnectionThatDiesBeforeTheCommitCostsNothingAndDoublesNothing)
{
    Instance one(loop, "one");
    one.start();
    close_gate();
    one.submit({sale(1, 1), sale(2, 2)});
    ASSERT_TRUE(loop.run(tests::eventually([&] { return at_the_gate() != 0; })));
    database.sql().terminate(at_the_gate());
    EXPECT_FALSE(one.answered());
    open_gate();
    ASSERT_TRUE(one.wait());
    for (auto const& answer : one.answers) EXPECT_TRUE(*answer);
    EXPECT_EQ(sequence(), "1:S1,2:S2");
    EXPECT_EQ(marks(), "1,2");
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM ledger_batch"), "1");
}

// Found by the bench: a later batch took the only lane while it waited for the one before it, which had none.
TEST_F(Journal, LanesAreGivenInTheOrderOfTheCommits)
{
    Instance one(loop, "one", 1, ledger::WriterLimits{.queue_max = 1000, .batch_max = 4, .overlap_from = 1}, 1);
    one.start();
    std::vector<Command> commands;
    for (int n = 1; n <= 100; ++n) commands.push_back(sale(n, n));
    one.submit(std::move(commands));
    ASSERT_TRUE(one.wait());
    EXPECT_TRUE(std::ranges::all_of(one.answers, [](auto const& answer) { return answer->has_value(); }));
    EXPECT_EQ(database.sql().value("SELECT count(*) || ' ' || max(seq) FROM journal"), "100 100");
}

// What the server has against a connection is not the batch's fault.
TEST_F(Journal, ABatchWhoseLaneCannotBeOpenedWaitsAndIsNotRefused)
{
    Instance one(loop, "one", 1);
    one.start();
    tests::PlainSql other(database.url());
    auto const connections = [&](bool allowed) {
        other.run(fmt::format("UPDATE pg_database SET datallowconn = {} WHERE datname = current_database()", allowed));
    };
    connections(false);
    one.submit({sale(1, 1)});
    bool const tried = loop.run(tests::eventually([&] { return one.retries >= 1; }));
    connections(true);
    ASSERT_TRUE(tried);
    ASSERT_TRUE(one.wait());
    EXPECT_TRUE(*one.answers[0]) << (*one.answers[0]).error().detail;
    EXPECT_EQ(one.doubts, 0);
    EXPECT_EQ(sequence(), "1:S1");
}

// The commit went through, its answer was lost, and for a while nobody can be asked: the batch must not be written off,
// nor sent again into its own rows and then be taken for refused.
TEST_F(Journal, ABatchInDoubtIsAskedForUntilTheDatabaseAnswers)
{
    Instance one(loop, "one");
    one.start();
    close_gate();
    one.submit({sale(1, 1)});
    ASSERT_TRUE(loop.run(tests::eventually([&] { return at_the_gate() != 0; })));
    // Somebody else gets hold of the lease as soon as the connection dies, so that the question has to wait.
    tests::PlainSql other(database.url());
    std::thread holder([&] { other.run("BEGIN; SELECT epoch FROM ledger_lease WHERE writer_group = 'journal-test' FOR UPDATE"); });
    ASSERT_TRUE(loop.run(tests::eventually([&] {
        return database.sql().value(
                   "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'BEGIN; SELECT epoch%'") == "1";
    })));
    database.sql().terminate(at_the_gate());
    holder.join();
    ASSERT_TRUE(loop.run(tests::eventually([&] { return one.doubts >= 2; })));
    EXPECT_FALSE(one.answered());
    // What a commit whose answer was lost leaves behind.
    other.run("INSERT INTO ledger_batch VALUES ('journal-test', 1, 1, 1, now()); COMMIT");
    open_gate();
    ASSERT_TRUE(one.wait());
    EXPECT_TRUE(*one.answers[0]) << "it stands, so it is not refused";
    EXPECT_EQ(marks(), "") << "and was not sent again";
}

// Looks after parts by hand.
struct Parts {
    Parts(tests::Loop& l) : loop(l), connection(*loop.run(postgres::Connection::connect(l.executor(), TestDatabase::instance().info()))) {}
    std::int16_t make() { return loop.run(make_part(*connection, "journal-test", SystemClock().now()))->number; }
    bool mark(std::int16_t part, std::int64_t epoch)
    {
        return *loop.run(mark_full(*connection, part, "journal-test", epoch, SystemClock().now()));
    }
    void seal(std::int16_t part)
    {
        auto const epoch = TestDatabase::instance().sql().value("SELECT epoch FROM ledger_lease WHERE writer_group = 'journal-test'");
        ASSERT_TRUE(mark(part, std::stoll(epoch)));
        ASSERT_TRUE(loop.run(seal_part(*connection, part, SystemClock().now())));
    }
    tests::Loop& loop;
    std::unique_ptr<postgres::Connection> connection;
};

// Whoever reads the newest rows does not have to write into their pages first that they are committed.
TEST_F(Journal, WhatWasWrittenIsFrozenWhileItsPartIsOpen)
{
    Instance one(loop, "one", 2);
    one.start();
    one.submit({sale(1, 1), sale(1, 2), sale(1, 3)});
    ASSERT_TRUE(one.wait());
    EXPECT_TRUE(loop.run(one.journal.keep_parts()).empty()) << "nothing is full";
    auto const table = part_table(static_cast<std::int16_t>(std::stoi(database.sql().value("SELECT max(part) FROM journal_part"))));
    EXPECT_EQ(database.sql().value("SELECT state FROM journal_part ORDER BY part DESC LIMIT 1"), "1");
    EXPECT_EQ(
        database.sql().value(fmt::format("SELECT relpages > 0 AND relallvisible = relpages FROM pg_class WHERE relname = '{}'", table)),
        "t");
}

// A writer that was replaced and does not know it yet must not take a part for full that the new one fills.
TEST_F(Journal, OnlyTheWriterOfTheLeaseSaysThatAPartIsFull)
{
    Instance old(loop, "old");
    old.start();
    auto const replaced = old.journal.epoch();
    Instance current(loop, "current");
    current.start();
    Parts parts(loop);
    auto const part = static_cast<std::int16_t>(std::stoi(database.sql().value("SELECT max(part) FROM journal_part")));
    EXPECT_FALSE(parts.mark(part, replaced));
    EXPECT_EQ(database.sql().value(fmt::format("SELECT state FROM journal_part WHERE part = {}", part)), "1");
    EXPECT_TRUE(parts.mark(part, current.journal.epoch()));
    EXPECT_TRUE(parts.mark(part, current.journal.epoch())) << "the answer was lost, it is asked again";
    EXPECT_EQ(database.sql().value(fmt::format("SELECT state FROM journal_part WHERE part = {}", part)), "2");
}

// Whether the first is remembered or has to be looked up, an id names one transfer of all the writer's books.
TEST_F(Journal, ATransferThatIsToldToAnotherBookIsRefusedHoweverOldItIs)
{
    constexpr ledger::BookId other{book.value + 1};
    database.sql().run(fmt::format("INSERT INTO book VALUES ({}, 1, 'Sổ khác', 'journal-test', now())", other.value));
    auto elsewhere = sale(1, 2);
    elsewhere.book = other;
    Instance first(loop, "first");
    first.start();
    first.submit({sale(1, 1), elsewhere});
    ASSERT_TRUE(first.wait());
    ASSERT_TRUE(*first.answers[0]);
    EXPECT_EQ(first.answers[1]->error().code, Errc::transfer_differs);
    EXPECT_EQ(first.answers[1]->error().pointer, "/transfers/0/book");
    Parts parts(loop);
    for (int i = 0; i < 3; ++i) (void)parts.make();
    Instance second(loop, "second");
    second.start();
    ASSERT_FALSE(second.writer.state().balance(other, AccountNumber{16}));
    second.submit({elsewhere});
    ASSERT_TRUE(second.wait());
    EXPECT_EQ(second.answers[0]->error().code, Errc::transfer_differs);
    EXPECT_EQ(second.answers[0]->error().pointer, "/transfers/0/book");
    EXPECT_EQ(sequence(), "1:S1");
}

// Found by killing the writer twice in a row: the rows lay in the last part but two, were neither loaded nor said to be
// forgotten, and the same transfer was posted again.
TEST_F(Journal, WhatLiesBehindEmptyPartsIsRecognisedWhenItIsToldAgain)
{
    {
        Instance first(loop, "first");
        first.start();
        first.submit({sale(1, 1), sale(2, 2)});
        ASSERT_TRUE(first.wait());
    }
    Parts parts(loop);
    for (int i = 0; i < 3; ++i) (void)parts.make();
    Instance second(loop, "second");
    second.start();
    second.submit({sale(1, 1), sale(2, 2)});
    ASSERT_TRUE(second.wait());
    for (auto const& answer : second.answers) {
        ASSERT_TRUE(*answer);
        EXPECT_TRUE((*answer)->replayed);
    }
    EXPECT_EQ(sequence(), "1:S1,2:S2");
}

TEST_F(Journal, ATakeoverGoesOnInThePartThatIsOpen)
{
    for (auto const* name : {"first", "second", "third"}) {
        Instance one(loop, name);
        one.start();
    }
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM journal_part WHERE writer_group = 'journal-test'"), "1");
}

// The answer to the sealing may be lost, and a writer that was frozen in it may seal beside its successor.
TEST_F(Journal, APartThatIsSealedTwiceIsNotedOnce)
{
    {
        Instance one(loop, "one");
        one.start();
        one.submit({sale(1, 1), sale(2, 2)});
        ASSERT_TRUE(one.wait());
    }
    Parts parts(loop);
    auto const full = static_cast<std::int16_t>(parts.make() - 1);
    parts.seal(full);
    parts.seal(full);
    EXPECT_EQ(
        database.sql().value("SELECT string_agg(account_no || ':' || seq || ':' || balance || ':' || entries, ',' ORDER BY account_no) "
                             "FROM account_snapshot"),
        "16:2:20:2,18:2:-20:2");
}

// Two batches on the way at once: the second ends what the first holds, and must find it in the database. The first is held up
// in its commit.
TEST_F(Journal, ABatchWritesItsRowsWhenTheOneBeforeItIsCommitted)
{
    database.sql().run("CREATE OR REPLACE FUNCTION jt_commit_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                       "PERFORM pg_advisory_xact_lock_shared(4712); RETURN NULL; END $$; "
                       "CREATE CONSTRAINT TRIGGER jt_gate AFTER INSERT ON jt_mark DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
                       "EXECUTE FUNCTION jt_commit_gate(); SELECT pg_advisory_lock(4712)");
    Instance one(loop, "one", 1, {.queue_max = 100, .batch_max = 1, .overlap_from = 1});
    one.start();
    auto hold = sale(1, 1);
    hold.transfers[0].kind = ledger::TransferKind::pending;
    Command end(book);
    end.transfers = {sale(2, 2).transfers[0]};
    end.transfers[0].kind = ledger::TransferKind::undo;
    end.transfers[0].pending = hold.transfers[0].id;
    one.submit({hold, end});
    ASSERT_TRUE(loop.run(tests::eventually([&] {  // the first stands in its commit, the second has done all it may
        return database.sql().value(
                   "SELECT (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4712 AND NOT granted) || ' ' "
                   "|| (SELECT count(*) FROM pg_stat_activity WHERE application_name = 'cho40 ledger journal-test' "
                   "AND state = 'idle in transaction' AND (query LIKE 'COPY%' OR query LIKE 'UPDATE hold%'))") == "1 1";
    })));
    database.sql().run("SELECT pg_advisory_unlock(4712)");
    ASSERT_TRUE(one.wait());
    for (auto const& answer : one.answers) EXPECT_TRUE(*answer);
    EXPECT_EQ(database.sql().value("SELECT state || ' ' || ended_seq FROM hold"), "3 2") << "voided, by row 2";
}

}  // namespace
}  // namespace cho40::stores
