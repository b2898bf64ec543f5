#include "adapters/postgres/pool.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <gtest/gtest.h>
#include <map>

namespace cho40::postgres {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using tests::Loop;
using tests::PrivateServer;
using tests::TestDatabase;

constexpr Statement echo{"q_echo", "SELECT $1::int8"};
constexpr Statement insert_item{"q_insert", "INSERT INTO q_item (id) VALUES ($1)"};
constexpr Statement insert_once{"q_insert_once",
                                "INSERT INTO q_item (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET tries = q_item.tries + 1"};
constexpr Statement fail_first{"q_fail_first", "SELECT q_fail_first($1, $2)"};
constexpr Statement nap{"q_nap", "SELECT pg_sleep($1::int8)"};

Segment one(Statement const& statement, std::int64_t value)
{
    Segment s;
    s.add(statement, value);
    return s;
}

SharedConnectionInfo info_of(std::string const& url) { return std::make_shared<ConnectionInfo>(*ConnectionInfo::parse(url)); }

class PoolTest : public testing::Test {
protected:
    std::unique_ptr<Pool> open(std::string const& url, PoolOptions options = {})
    {
        options.info = info_of(url);
        PoolHooks hooks;
        hooks.retried = [this](Outcome outcome) { ++retried[outcome]; };
        hooks.connected = [this] { ++connects; };
        auto pool = std::make_unique<Pool>(loop.executor(), options, hooks);
        auto const opened = loop.run(pool->open());
        EXPECT_TRUE(opened) << opened.error().message;
        return pool;
    }
    void close(Pool& pool)
    {
        loop.run(pool.close());
        loop.drain();
    }
    static void make_tables(tests::PlainSql& sql)
    {
        // A sequence counts the tries also when they are rolled back: the function fails until the n-th.
        sql.run(
            "DROP TABLE IF EXISTS q_item; CREATE TABLE q_item (id int8 PRIMARY KEY, tries int4 NOT NULL DEFAULT 0);"
            "DROP SEQUENCE IF EXISTS q_tries; CREATE SEQUENCE q_tries;"
            "CREATE OR REPLACE FUNCTION q_fail_first(times int8, code text) RETURNS int8 LANGUAGE plpgsql AS $$ DECLARE n int8 := nextval('q_tries');"
            " BEGIN IF n <= times THEN RAISE EXCEPTION 'drill' USING ERRCODE = code; END IF; RETURN n; END $$");
    }

    Loop loop;
    std::map<Outcome, int> retried;
    int connects = 0;
};

TEST_F(PoolTest, ReadsAndWrites)
{
    auto& database = TestDatabase::instance();
    make_tables(database.sql());
    auto const pool = open(database.url());
    auto const rows = loop.run(pool->read_one(echo, Params(std::int64_t{5})));
    ASSERT_TRUE(rows);
    EXPECT_EQ((*rows)[0].get<std::int64_t>(0), 5);
    ASSERT_TRUE(loop.run(pool->write(one(insert_item, 1))));
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM q_item"), "1");
    close(*pool);
    auto const closed = loop.run(pool->read(one(echo, 1)));
    ASSERT_FALSE(closed);
    EXPECT_EQ(closed.error().outcome, Outcome::not_up);
}

TEST_F(PoolTest, WhatWasRolledBackIsSentAgain)
{
    auto& database = TestDatabase::instance();
    auto const pool = open(database.url());
    for (std::string code : {"40001", "40P01", "55P03", "53100", "25006", "57P03"}) {
        SCOPED_TRACE(code);
        make_tables(database.sql());
        Segment s;
        s.add(fail_first, std::int64_t{2}, code);
        auto const reply = loop.run(pool->write(std::move(s)));
        ASSERT_TRUE(reply) << reply.error().message;
        EXPECT_EQ((*reply)[0][0].get<std::int64_t>(0), 3);
    }
    close(*pool);
}

TEST_F(PoolTest, AnUnknownOutcomeIsSentAgainOnlyWhenThatIsHarmless)
{
    auto& database = TestDatabase::instance();
    auto const pool = open(database.url());
    for (bool const idempotent : {false, true}) {
        for (std::string code : {"08006", "57P01", "40003"}) {
            SCOPED_TRACE(code);
            make_tables(database.sql());
            Segment s;
            s.add(fail_first, std::int64_t{1}, code);
            if (idempotent) s.idempotent();
            auto const reply = loop.run(pool->write(std::move(s)));
            if (idempotent) {
                ASSERT_TRUE(reply) << reply.error().message;
                EXPECT_EQ((*reply)[0][0].get<std::int64_t>(0), 2);
            } else {
                ASSERT_FALSE(reply);
                EXPECT_EQ(reply.error().outcome, Outcome::unknown);
            }
        }
    }
    close(*pool);
}

TEST_F(PoolTest, WhatIsRefusedIsNotSentAgain)
{
    auto& database = TestDatabase::instance();
    make_tables(database.sql());
    auto const pool = open(database.url());
    Segment s;
    s.add(fail_first, std::int64_t{5}, "LB001").idempotent();
    auto const reply = loop.run(pool->write(std::move(s)));
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().sqlstate, "LB001");
    EXPECT_EQ(database.sql().value("SELECT last_value FROM q_tries"), "1");
    EXPECT_TRUE(retried.empty());
    close(*pool);
}

TEST_F(PoolTest, PatienceEnds)
{
    auto& database = TestDatabase::instance();
    make_tables(database.sql());
    auto const pool = open(database.url());
    Segment s;
    s.add(fail_first, std::int64_t{1000000}, "40001").patience(200ms);
    auto const reply = loop.run(pool->write(std::move(s)));  // comes back at all: a million tries would be refused
    ASSERT_FALSE(reply);
    // What the last try said; unknown when patience ended while one was on its way.
    EXPECT_TRUE(reply.error().outcome == Outcome::retry_now || reply.error().outcome == Outcome::unknown);
    close(*pool);
}

TEST_F(PoolTest, AKilledBackendIsReplacedAndReadsAreAskedAgain)
{
    auto& database = TestDatabase::instance();
    auto const pool = open(database.url());
    ASSERT_TRUE(loop.run(tests::eventually([&] { return pool->state().connections == 2; })));
    std::optional<DbResult<Replies>> reply;
    Segment s;
    s.add(nap, std::int64_t{0}).add(echo, std::int64_t{9});
    Segment slow;
    slow.add(nap, std::int64_t{1}).add(echo, std::int64_t{9});
    boost::asio::co_spawn(loop.executor(), pool->read(std::move(slow)),
                          [&](std::exception_ptr, DbResult<Replies> r) { reply = std::move(r); });
    auto const busy =
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state = 'active' AND query LIKE '%pg_sleep($1::int8)' AND pid <> pg_backend_pid()";
    ASSERT_TRUE(loop.run(tests::eventually([&] { return !database.sql().value(busy).empty(); })));
    database.sql().terminate(std::stoi(database.sql().value(busy)));
    ASSERT_TRUE(loop.run(tests::eventually([&] { return reply.has_value(); })));
    ASSERT_TRUE(*reply) << reply->error().message;
    EXPECT_EQ((**reply)[1][0].get<std::int64_t>(0), 9);
    EXPECT_TRUE(loop.run(tests::eventually([&] { return pool->state().connections == 2; })));
    close(*pool);
}

TEST_F(PoolTest, ManyMoreCallersThanPlacesAreAllServed)
{
    PoolOptions options;
    options.in_flight_max = 4;
    auto const pool = open(TestDatabase::instance().url(), options);
    constexpr int count = 3000;
    int good = 0, left = count;
    auto const ask = [](Pool& p, std::int64_t i, int& right) -> awaitable<void> {
        auto const reply = i % 3 == 0 ? co_await p.write(one(echo, i)) : co_await p.read(one(echo, i));
        if (reply && (*reply)[0][0].get<std::int64_t>(0) == i) ++right;
    };
    for (int i = 0; i < count; ++i)
        boost::asio::co_spawn(loop.executor(), ask(*pool, i, good), [&](std::exception_ptr error) {
            EXPECT_FALSE(error);
            --left;
        });
    ASSERT_TRUE(loop.run(tests::eventually([&] { return left == 0; })));
    EXPECT_EQ(good, count);
    EXPECT_EQ(pool->state().waiting, 0u);
    close(*pool);
}

TEST_F(PoolTest, AFullQueueRefusesAtOnce)
{
    PoolOptions options;
    options.in_flight_max = 1;
    options.queue_length_max = 2;
    auto const pool = open(TestDatabase::instance().url(), options);
    ASSERT_TRUE(loop.run(tests::eventually([&] { return pool->state().connections == 2; })));
    int left = 4, refused = 0;
    for (int i = 0; i < 4; ++i) {
        auto s = one(nap, 1);
        s.patience(2500ms);
        boost::asio::co_spawn(loop.executor(), pool->read(std::move(s)), [&](std::exception_ptr, DbResult<Replies> reply) {
            if (!reply && reply.error().outcome == Outcome::no_room) ++refused;
            --left;
        });
    }
    ASSERT_TRUE(loop.run(tests::eventually([&] { return left == 0; })));
    EXPECT_EQ(refused, 1);
    close(*pool);
}

TEST_F(PoolTest, OpeningWithoutAServerSaysSoAndTriesOn)
{
    PrivateServer server;
    server.stop();
    PoolOptions options;
    options.info = info_of(server.url());
    Pool pool(loop.executor(), options);
    auto const nothing = loop.run(pool.open(100ms));
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().outcome, Outcome::not_up);
    server.start();
    EXPECT_TRUE(loop.run(pool.read(one(echo, 1))));
    close(pool);
}

TEST_F(PoolTest, ARestartLosesNothingAndDoublesNothing)
{
    PrivateServer server;
    {
        tests::PlainSql sql(server.url());
        make_tables(sql);
    }
    auto const pool = open(server.url());
    constexpr int count = 400;
    int left = count, good = 0, asked = 0;
    auto const write = [](Pool& p, std::int64_t i, int& right, int& started) -> awaitable<void> {
        boost::asio::steady_timer spread(co_await boost::asio::this_coro::executor, std::chrono::milliseconds(i));
        co_await spread.async_wait(boost::asio::use_awaitable);
        ++started;
        auto s = one(insert_once, i);
        s.idempotent().patience(20s);
        auto const reply = co_await p.write(std::move(s));
        if (reply) ++right;
    };
    for (int i = 0; i < count; ++i)
        boost::asio::co_spawn(loop.executor(), write(*pool, i, good, asked), [&](std::exception_ptr error) {
            EXPECT_FALSE(error);
            --left;
        });
    ASSERT_TRUE(loop.run(tests::eventually([&] { return asked > 100; })));
    server.kill();
    server.start();
    ASSERT_TRUE(loop.run(tests::eventually([&] { return asked > 250; })));
    server.stop();
    server.start();
    ASSERT_TRUE(loop.run(tests::eventually([&] { return left == 0; })));
    EXPECT_EQ(good, count);
    tests::PlainSql sql(server.url());
    EXPECT_EQ(sql.value("SELECT count(*) FROM q_item"), std::to_string(count));
    close(*pool);
}

TEST_F(PoolTest, AFrozenServerIsUnknownAfterTheDeadlineAndServedAfterTheThaw)
{
    PrivateServer server;
    {
        tests::PlainSql sql(server.url());
        make_tables(sql);
    }
    auto const pool = open(server.url());
    ASSERT_TRUE(loop.run(pool->write(one(insert_once, 1))));
    server.freeze();
    auto s = one(insert_once, 2);
    s.within(100ms).patience(150ms).idempotent();
    auto const hung = loop.run(pool->write(std::move(s)));
    ASSERT_FALSE(hung);
    EXPECT_EQ(hung.error().outcome, Outcome::unknown);
    server.thaw();
    auto again = one(insert_once, 2);
    again.idempotent();
    EXPECT_TRUE(loop.run(pool->write(std::move(again))));
    close(*pool);
}

TEST_F(PoolTest, ClosingWaitsForWhatIsOnTheWay)
{
    auto const pool = open(TestDatabase::instance().url());
    std::optional<DbResult<Replies>> reply;
    Segment s;
    s.add(nap, std::int64_t{1});
    boost::asio::co_spawn(loop.executor(), pool->write(std::move(s)),
                          [&](std::exception_ptr, DbResult<Replies> r) { reply = std::move(r); });
    loop.drain();
    loop.run(pool->close());
    ASSERT_TRUE(loop.run(tests::eventually([&] { return reply.has_value(); })));
    EXPECT_TRUE(*reply) << reply->error().message;
}

}  // namespace
}  // namespace cho40::postgres
