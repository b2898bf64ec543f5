#include "adapters/postgres/pipeline.h"
#include "base/with_deadline.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::postgres {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using tests::Loop;
using tests::TestDatabase;

constexpr Statement insert_item{"p_item_insert", "INSERT INTO p_item (id, name) VALUES ($1, $2)"};
constexpr Statement echo{"p_echo", "SELECT $1::int8"};
constexpr Statement divide{"p_divide", "SELECT 1 / $1::int8"};
constexpr Statement nap{"p_nap", "SELECT pg_sleep($1::int8)"};
constexpr Statement no_table{"p_no_table", "SELECT * FROM no_such_table"};
constexpr Statement copy_out{"p_copy", "COPY p_item TO STDOUT"};

Segment one(Statement const& statement, std::int64_t value)
{
    Segment s;
    s.add(statement, value);
    return s;
}

Segment insert(std::initializer_list<std::pair<std::int64_t, char const*>> items)
{
    Segment s;
    for (auto const& [id, name] : items) s.add(insert_item, id, name);
    return s;
}

class PipelineTest : public testing::Test {
protected:
    void SetUp() override
    {
        database.sql().run("DROP TABLE IF EXISTS p_item; CREATE TABLE p_item (id int8 PRIMARY KEY, name text CHECK (name <> 'bad'))");
        pipeline = *loop.run(Pipeline::connect(loop.executor(), database.info()));
    }
    void TearDown() override
    {
        pipeline->close();
        loop.drain();
    }
    std::string stored() { return database.sql().value("SELECT coalesce(string_agg(id::text, ',' ORDER BY id), '') FROM p_item"); }

    // Starts all at once; the answers in the order of the questions.
    std::vector<DbResult<Replies>> run_all(std::vector<std::pair<bool, Segment>> work)
    {
        std::vector<DbResult<Replies>> answers(work.size());
        std::size_t left = work.size();
        for (std::size_t i = 0; i < work.size(); ++i) {
            auto call = work[i].first ? pipeline->read(std::move(work[i].second)) : pipeline->run(std::move(work[i].second));
            boost::asio::co_spawn(loop.executor(), std::move(call), [&, i](std::exception_ptr error, DbResult<Replies> reply) {
                EXPECT_FALSE(error);
                answers[i] = std::move(reply);
                --left;
            });
        }
        EXPECT_TRUE(loop.run(tests::eventually([&] { return left == 0; })));
        return answers;
    }

    Loop loop;
    TestDatabase& database = TestDatabase::instance();
    std::shared_ptr<Pipeline> pipeline;
};

TEST_F(PipelineTest, OneSegmentIsOneTransaction)
{
    auto const replies = loop.run(pipeline->run(insert({{1, "a"}, {2, "b"}})));
    ASSERT_TRUE(replies) << replies.error().message;
    ASSERT_EQ(replies->size(), 2u);
    EXPECT_EQ((*replies)[1].affected(), 1);
    EXPECT_EQ(stored(), "1,2");

    auto const refused = loop.run(pipeline->run(insert({{3, "c"}, {4, "bad"}, {5, "e"}})));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().sqlstate, "23514");
    EXPECT_EQ(stored(), "1,2");
    EXPECT_TRUE(pipeline->usable());
}

TEST_F(PipelineTest, AFailedSegmentHarmsOnlyItself)
{
    std::vector<std::pair<bool, Segment>> work;
    work.emplace_back(false, insert({{1, "a"}}));
    work.emplace_back(false, insert({{2, "b"}, {3, "bad"}}));
    work.emplace_back(false, insert({{4, "d"}}));
    work.emplace_back(false, insert({{1, "again"}}));
    work.emplace_back(false, insert({{6, "f"}, {7, "g"}}));
    auto const answers = run_all(std::move(work));
    EXPECT_TRUE(answers[0]);
    EXPECT_EQ(answers[1].error().sqlstate, "23514");
    EXPECT_TRUE(answers[2]);
    EXPECT_TRUE(answers[3].error().is_unique_violation());
    EXPECT_TRUE(answers[4]);
    EXPECT_EQ(stored(), "1,4,6,7");
}

TEST_F(PipelineTest, AReadThatFailsBetweenOthersIsTheOnlyOneToSeeIt)
{
    std::vector<std::pair<bool, Segment>> work;
    for (std::int64_t i = 0; i < 40; ++i) work.emplace_back(true, i % 10 == 3 ? one(divide, 0) : one(echo, i));
    auto const answers = run_all(std::move(work));
    for (std::size_t i = 0; i < answers.size(); ++i) {
        SCOPED_TRACE(i);
        if (i % 10 == 3) {
            ASSERT_FALSE(answers[i]);
            EXPECT_EQ(answers[i].error().sqlstate, "22012");
        } else {
            ASSERT_TRUE(answers[i]) << answers[i].error().message;
            EXPECT_EQ((*answers[i])[0][0].get<std::int64_t>(0), static_cast<std::int64_t>(i));
        }
    }
}

// Any mixture of reads and writes, good and bad: each gets its own answer and nothing of its neighbours'.
RC_GTEST_FIXTURE_PROP(PipelineTest, EveryoneGetsTheirOwnAnswer, (std::vector<std::uint8_t> const& kinds))
{
    if (!pipeline) SetUp();
    database.sql().run("TRUNCATE p_item");
    std::vector<std::pair<bool, Segment>> work;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        auto const id = static_cast<std::int64_t>(i);
        Segment s;
        switch (kinds[i] % 5) {
        case 0: work.emplace_back(true, std::move(s.add(echo, id).add(echo, id + 1))); break;
        case 1: work.emplace_back(true, std::move(s.add(echo, id).add(divide, std::int64_t{0}).add(echo, id))); break;
        case 2: work.emplace_back(false, std::move(s.add(insert_item, id, "x"))); break;
        case 3: work.emplace_back(false, std::move(s.add(insert_item, id, "x").add(insert_item, id, "bad"))); break;
        case 4: work.emplace_back(false, std::move(s.add(no_table))); break;
        }
    }
    auto const answers = run_all(std::move(work));
    std::string expected;
    for (std::size_t i = 0; i < kinds.size(); ++i) {
        switch (kinds[i] % 5) {
        case 0:
            RC_ASSERT(answers[i].has_value());
            RC_ASSERT((*answers[i])[0][0].get<std::int64_t>(0) == static_cast<std::int64_t>(i));
            RC_ASSERT((*answers[i])[1][0].get<std::int64_t>(0) == static_cast<std::int64_t>(i) + 1);
            break;
        case 1: RC_ASSERT(answers[i].error().sqlstate == "22012"); break;
        case 2:
            RC_ASSERT(answers[i].has_value());
            expected += (expected.empty() ? "" : ",") + std::to_string(i);
            break;
        case 3: RC_ASSERT(answers[i].error().sqlstate == "23514"); break;
        case 4: RC_ASSERT(answers[i].error().sqlstate == "42P01"); break;
        }
    }
    RC_ASSERT(stored() == expected);
}

TEST_F(PipelineTest, TenThousandAtOnceComeBackEachWithItsOwn)
{
    constexpr std::int64_t count = 10'000;
    std::int64_t right = 0, left = count;
    auto const ask = [](std::shared_ptr<Pipeline> p, std::int64_t i, std::int64_t& good) -> awaitable<void> {
        auto const reply = co_await p->read(one(echo, i));
        if (reply && (*reply)[0][0].get<std::int64_t>(0) == i) ++good;
    };
    for (std::int64_t i = 0; i < count; ++i)
        boost::asio::co_spawn(loop.executor(), ask(pipeline, i, right), [&](std::exception_ptr error) {
            EXPECT_FALSE(error);
            --left;
        });
    ASSERT_TRUE(loop.run(tests::eventually([&] { return left == 0; })));
    EXPECT_EQ(right, count);
}

TEST_F(PipelineTest, LargeAnswersAndQuestionsDoNotBlockEachOther)
{
    constexpr Statement big{"p_big", "SELECT repeat('x', 3000000) || $1::text"};
    std::vector<std::pair<bool, Segment>> work;
    for (int i = 0; i < 12; ++i) {
        Segment s;
        s.add(big, std::string(3'000'000, 'y'));
        work.emplace_back(i % 2 == 0, std::move(s));
    }
    for (auto const& answer : run_all(std::move(work))) {
        ASSERT_TRUE(answer) << answer.error().message;
        EXPECT_EQ((*answer)[0][0].get<std::string_view>(0).size(), 6'000'000u);
    }
}

TEST_F(PipelineTest, AStatementThatCannotBePreparedSaysWhyAndCanBeTriedAgain)
{
    constexpr Statement late{"p_late", "SELECT id FROM p_late_table"};
    Segment first;
    first.add(late);
    std::vector<std::pair<bool, Segment>> twice;
    twice.emplace_back(true, first);
    twice.emplace_back(true, first);
    for (auto const& answer : run_all(std::move(twice))) {
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().sqlstate, "42P01");
    }
    database.sql().run("DROP TABLE IF EXISTS p_late_table; CREATE TABLE p_late_table (id int8)");
    auto pipe = *loop.run(Pipeline::connect(loop.executor(), database.info()));
    EXPECT_TRUE(loop.run(pipe->read(first)));
    if (pipeline->usable()) EXPECT_TRUE(loop.run(pipeline->read(first)));
    pipe->close();
}

TEST_F(PipelineTest, AKilledBackendMakesEverythingOnTheWayUnknown)
{
    auto const pid = pipeline->backend_pid();
    std::vector<DbResult<Replies>> answers(3);
    int left = 3;
    auto start = [&](std::size_t i, Segment s) {
        boost::asio::co_spawn(loop.executor(), pipeline->run(std::move(s)), [&, i](std::exception_ptr, DbResult<Replies> reply) {
            answers[i] = std::move(reply);
            --left;
        });
    };
    start(0, one(echo, 1));
    ASSERT_TRUE(loop.run(tests::eventually([&] { return left == 2; })));
    start(1, one(nap, 60));
    start(2, insert({{1, "behind it"}}));
    auto const busy = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND pid = " + std::to_string(pid);
    ASSERT_TRUE(loop.run(tests::eventually([&] { return database.sql().value(busy) == "1"; })));
    database.sql().terminate(pid);
    ASSERT_TRUE(loop.run(tests::eventually([&] { return left == 0; })));
    EXPECT_TRUE(answers[0]);
    ASSERT_FALSE(answers[1]);
    EXPECT_EQ(answers[1].error().outcome, Outcome::unknown);
    EXPECT_EQ(answers[1].error().sqlstate, "57P01");
    ASSERT_FALSE(answers[2]);
    EXPECT_EQ(answers[2].error().outcome, Outcome::unknown);
    EXPECT_FALSE(pipeline->usable());
    auto const after = loop.run(pipeline->run(one(echo, 1)));
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().outcome, Outcome::not_up);
}

TEST_F(PipelineTest, AnIdleConnectionNoticesItsEnd)
{
    std::optional<DbError> why;
    pipeline->on_closed([&](DbError const& error) { why = error; });
    database.sql().terminate(pipeline->backend_pid());
    EXPECT_TRUE(loop.run(tests::eventually([&] { return why.has_value(); })));
    EXPECT_FALSE(pipeline->usable());
}

TEST_F(PipelineTest, ADeadlineEndsTheConnectionAndAllThatWaitOnIt)
{
    auto hung = one(nap, 60);
    hung.within(50ms);
    std::vector<std::pair<bool, Segment>> work;
    work.emplace_back(false, std::move(hung));
    work.emplace_back(false, insert({{1, "behind it"}}));
    auto const answers = run_all(std::move(work));
    for (auto const& answer : answers) {
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().outcome, Outcome::unknown);
        EXPECT_TRUE(answer.error().connection_lost);
    }
    EXPECT_FALSE(pipeline->usable());
}

TEST_F(PipelineTest, ACancelledCallerGoesAndTheOthersStay)
{
    auto const work = [](std::shared_ptr<Pipeline> p) -> awaitable<int> {
        auto reply = co_await p->run(one(nap, 1));
        co_return reply ? 1 : 2;
    };
    auto const started = std::chrono::steady_clock::now();
    auto const answer = loop.run(with_deadline(work(pipeline), 20ms));
    EXPECT_LT(std::chrono::steady_clock::now() - started, 900ms);
    EXPECT_NE(answer.value_or(0), 1);
    EXPECT_TRUE(pipeline->usable());
    auto const next = loop.run(pipeline->run(one(echo, 7)));
    ASSERT_TRUE(next) << next.error().message;
    EXPECT_EQ((*next)[0][0].get<std::int64_t>(0), 7);
}

TEST_F(PipelineTest, CopyIsRefusedAndDoesNotSpin)
{
    Segment s;
    s.add(copy_out);
    auto const refused = loop.run(pipeline->run(std::move(s)));
    ASSERT_FALSE(refused);
    EXPECT_FALSE(pipeline->usable());
}

TEST_F(PipelineTest, AWarningAboutReplicationMakesOnlyThatWriteUnknown)
{
    database.sql().run(
        "CREATE OR REPLACE FUNCTION p_warn() RETURNS void LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE WARNING 'The transaction has already committed locally, but might not have been replicated: synchronous replication'; END $$");
    constexpr Statement warn{"p_warn", "SELECT p_warn()"};
    Segment warned;
    warned.add(warn);
    std::vector<std::pair<bool, Segment>> work;
    work.emplace_back(false, insert({{1, "before"}}));
    work.emplace_back(false, std::move(warned));
    work.emplace_back(false, insert({{2, "after"}}));
    auto const answers = run_all(std::move(work));
    EXPECT_TRUE(answers[0]);
    ASSERT_FALSE(answers[1]);
    EXPECT_EQ(answers[1].error().outcome, Outcome::unknown);
    EXPECT_TRUE(answers[2]);
}

TEST_F(PipelineTest, AnEmptySegmentHasNoAnswersAndNoError)
{
    auto const replies = loop.run(pipeline->run(Segment()));
    ASSERT_TRUE(replies);
    EXPECT_TRUE(replies->empty());
}

TEST_F(PipelineTest, RetiringAnswersWhatIsOnTheWayAndTakesNoMore)
{
    std::optional<DbResult<Replies>> last;
    boost::asio::co_spawn(loop.executor(), pipeline->run(one(nap, 0)),
                          [&](std::exception_ptr, DbResult<Replies> reply) { last = std::move(reply); });
    loop.drain();
    pipeline->retire();
    auto const refused = loop.run(pipeline->run(one(echo, 1)));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().outcome, Outcome::not_up);
    ASSERT_TRUE(loop.run(tests::eventually([&] { return last.has_value(); })));
    EXPECT_TRUE(*last) << last->error().message;
}

TEST_F(PipelineTest, DroppingItMidFlightAnswersTheCallers)
{
    std::optional<DbResult<Replies>> last;
    boost::asio::co_spawn(loop.executor(), pipeline->run(one(nap, 60)),
                          [&](std::exception_ptr, DbResult<Replies> reply) { last = std::move(reply); });
    loop.drain();
    pipeline.reset();
    ASSERT_TRUE(loop.run(tests::eventually([&] { return last.has_value(); })));
    ASSERT_FALSE(*last);
    EXPECT_EQ(last->error().outcome, Outcome::unknown);
    pipeline = *loop.run(Pipeline::connect(loop.executor(), database.info()));
}

}  // namespace
}  // namespace cho40::postgres
