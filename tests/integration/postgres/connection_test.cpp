#include "adapters/postgres/connection.h"
#include "adapters/postgres/copy.h"
#include "base/with_deadline.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <gtest/gtest.h>

namespace cho40::postgres {
namespace {

using namespace std::chrono_literals;
using tests::Loop;
using tests::TestDatabase;

constexpr Statement insert_item{"item_insert", "INSERT INTO item (id, name) VALUES ($1, $2)"};
constexpr Statement sleep_long{"sleep_long", "SELECT pg_sleep(60)"};
constexpr char const* copy_items = "COPY item (id, name) FROM STDIN (FORMAT binary)";

class ConnectionTest : public testing::Test {
protected:
    void SetUp() override
    {
        database.sql().run("DROP TABLE IF EXISTS item; CREATE TABLE item (id int8 PRIMARY KEY, name text CHECK (name <> 'bad'))");
        connection = connect();
    }
    std::unique_ptr<Connection> connect() { return *loop.run(Connection::connect(loop.executor(), database.info())); }
    DbResult<Rows> insert(std::int64_t id, std::string name) { return loop.run(connection->execute(insert_item, Params(id, name))); }
    std::string stored() { return database.sql().value("SELECT count(*) FROM item"); }

    static std::vector<std::string> items(std::int64_t from, std::int64_t count, std::string const& name = "bánh mì")
    {
        CopyRows rows(2);
        for (auto id = from; id < from + count; ++id) {
            rows.begin_row();
            rows.add(id);
            rows.add(name);
        }
        return rows.finish();
    }

    Loop loop;
    TestDatabase& database = TestDatabase::instance();
    std::unique_ptr<Connection> connection;
};

TEST_F(ConnectionTest, ATransactionIsAllOrNothing)
{
    ASSERT_TRUE(loop.run(connection->begin()));
    ASSERT_TRUE(insert(1, "a"));
    EXPECT_TRUE(connection->in_transaction());
    ASSERT_TRUE(loop.run(connection->rollback()));
    EXPECT_FALSE(connection->in_transaction());
    EXPECT_EQ(stored(), "0");

    ASSERT_TRUE(loop.run(connection->begin()));
    ASSERT_TRUE(insert(1, "a"));
    ASSERT_TRUE(insert(2, "b"));
    ASSERT_TRUE(loop.run(connection->commit()));
    EXPECT_EQ(stored(), "2");
}

TEST_F(ConnectionTest, CommitOfAFailedTransactionIsNoSuccess)
{
    ASSERT_TRUE(loop.run(connection->begin()));
    ASSERT_TRUE(insert(1, "a"));
    ASSERT_FALSE(insert(2, "bad"));
    auto const committed = loop.run(connection->commit());
    ASSERT_FALSE(committed);
    EXPECT_EQ(committed.error().outcome, Outcome::refused);
    EXPECT_EQ(stored(), "0");
    EXPECT_TRUE(insert(3, "usable again"));
}

TEST_F(ConnectionTest, AnErrorCarriesTheSqlstateAndNoData)
{
    ASSERT_TRUE(insert(1, "Nguyễn Thị Hoa"));
    auto const refused = insert(1, "Nguyễn Thị Hoa");
    ASSERT_FALSE(refused);
    EXPECT_TRUE(refused.error().is_unique_violation());
    EXPECT_EQ(refused.error().outcome, Outcome::refused);
    EXPECT_NE(refused.error().message.find("item_insert"), std::string::npos);
    EXPECT_EQ(refused.error().message.find("Hoa"), std::string::npos);
    EXPECT_EQ(to_error(refused.error()).code, Errc::stale);
}

TEST_F(ConnectionTest, CopyWritesAHundredThousandRows)
{
    auto const written = loop.run(connection->copy_in(copy_items, items(1, 100'000), 60s));
    ASSERT_TRUE(written) << written.error().message;
    EXPECT_EQ(*written, 100'000);
    EXPECT_EQ(database.sql().value("SELECT count(*) || '/' || sum(id) FROM item WHERE name = 'bánh mì'"), "100000/5000050000");
}

TEST_F(ConnectionTest, CopyInsideATransactionCommitsWithIt)
{
    ASSERT_TRUE(loop.run(connection->begin()));
    ASSERT_TRUE(loop.run(connection->copy_in(copy_items, items(1, 10))));
    EXPECT_EQ(stored(), "0");
    ASSERT_TRUE(insert(11, "with it"));
    ASSERT_TRUE(loop.run(connection->commit()));
    EXPECT_EQ(stored(), "11");
}

TEST_F(ConnectionTest, ACopyThatIsRefusedLeavesNothingAndAUsableConnection)
{
    // The bad row comes first, so most of the stream is sent to a server that has refused already.
    auto chunks = items(1, 1, "bad");
    chunks[0].resize(chunks[0].size() - 2);
    auto const rest = items(2, 50'000);
    chunks.push_back(rest[0].substr(19));
    auto const refused = loop.run(connection->copy_in(copy_items, chunks, 60s));
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().sqlstate, "23514");
    EXPECT_EQ(stored(), "0");
    EXPECT_TRUE(insert(1, "usable"));
}

TEST_F(ConnectionTest, CopyRefusesWhatIsNotACopyStream)
{
    auto const garbage = loop.run(connection->copy_in(copy_items, {"this is no binary stream"}));
    ASSERT_FALSE(garbage);
    EXPECT_EQ(garbage.error().outcome, Outcome::refused);
    auto const not_copy = loop.run(connection->copy_in("SELECT 1", items(1, 1)));
    ASSERT_FALSE(not_copy);
    EXPECT_EQ(not_copy.error().outcome, Outcome::refused);
    EXPECT_TRUE(insert(1, "usable"));
}

TEST_F(ConnectionTest, ADeadlineEndsAHungStatementAndTheConnection)
{
    auto const started = std::chrono::steady_clock::now();
    auto const hung = loop.run(connection->execute(sleep_long, Params(), 50ms));
    ASSERT_FALSE(hung);
    EXPECT_EQ(hung.error().outcome, Outcome::unknown);
    EXPECT_LT(std::chrono::steady_clock::now() - started, 5s);
    EXPECT_FALSE(connection->usable());
    auto const after = insert(1, "a");
    ASSERT_FALSE(after);
    EXPECT_EQ(after.error().outcome, Outcome::not_up);
}

TEST_F(ConnectionTest, ACallersDeadlineClosesTheConnection)
{
    auto work = [](Connection& c) -> boost::asio::awaitable<bool> {
        auto rows = co_await c.execute(sleep_long, Params());
        co_return rows.has_value();
    };
    auto const answer = loop.run(with_deadline(work(*connection), 30ms));
    EXPECT_FALSE(answer.has_value() && *answer);
    EXPECT_FALSE(connection->usable());
}

TEST_F(ConnectionTest, AKilledBackendIsUnknownAtEveryStep)
{
    // The step at which the backend dies: between begin, copy, statement and commit.
    for (int step = 0; step < 4; ++step) {
        SCOPED_TRACE(step);
        auto const victim = connect();
        auto die_at = [&](int now) {
            if (now == step) database.sql().terminate(victim->backend_pid());
        };
        std::vector<std::optional<DbError>> errors;
        auto note = [&](auto const& result) { errors.push_back(result ? std::nullopt : std::optional(result.error())); };
        die_at(0);
        note(loop.run(victim->begin()));
        die_at(1);
        note(loop.run(victim->copy_in(copy_items, items(step * 1000, 100))));
        die_at(2);
        note(loop.run(victim->execute(insert_item, Params(std::int64_t{step * 1000 + 500}, "x"))));
        die_at(3);
        note(loop.run(victim->commit()));
        for (int i = 0; i < step; ++i) EXPECT_FALSE(errors[static_cast<std::size_t>(i)]);
        auto const& first = errors[static_cast<std::size_t>(step)];
        ASSERT_TRUE(first);
        EXPECT_EQ(first->outcome, Outcome::unknown) << first->sqlstate << first->message;
        EXPECT_TRUE(first->connection_lost);
        for (auto i = static_cast<std::size_t>(step) + 1; i < errors.size(); ++i) {
            ASSERT_TRUE(errors[i]);
            EXPECT_EQ(errors[i]->outcome, Outcome::not_up);
        }
        EXPECT_FALSE(victim->usable());
    }
    EXPECT_EQ(stored(), "0");
}

TEST_F(ConnectionTest, ABackendThatDiesDuringAStatementIsUnknown)
{
    auto killer = [](Connection& c, tests::PlainSql& sql, int pid) -> boost::asio::awaitable<DbResult<Rows>> {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, 30ms);
        timer.async_wait([&sql, pid](boost::system::error_code) { sql.terminate(pid); });
        co_return co_await c.execute(sleep_long, Params());
    };
    auto const dead = loop.run(killer(*connection, database.sql(), connection->backend_pid()));
    ASSERT_FALSE(dead);
    EXPECT_EQ(dead.error().outcome, Outcome::unknown);
    EXPECT_EQ(dead.error().sqlstate, "57P01");
    EXPECT_TRUE(condemns_server(dead.error()));
}

TEST_F(ConnectionTest, AWarningAboutReplicationIsUnknown)
{
    constexpr Statement warn{"warn", "SELECT pg_temp.warn()"};
    ASSERT_TRUE(loop.run(
        connection->run_script("CREATE FUNCTION pg_temp.warn() RETURNS void LANGUAGE plpgsql AS "
                               "$$ BEGIN RAISE WARNING 'canceling wait for synchronous replication due to user request'; END $$")));
    auto const warned = loop.run(connection->execute(warn, Params()));
    ASSERT_FALSE(warned);
    EXPECT_EQ(warned.error().outcome, Outcome::unknown);
    EXPECT_TRUE(insert(1, "the next one is clear"));
}

TEST_F(ConnectionTest, AChangedTableIsPreparedAnew)
{
    constexpr Statement all{"item_all", "SELECT * FROM item"};
    ASSERT_TRUE(loop.run(connection->execute(all, Params())));
    database.sql().run("ALTER TABLE item ADD COLUMN price int8");
    auto const stale = loop.run(connection->execute(all, Params()));
    ASSERT_FALSE(stale);
    EXPECT_EQ(stale.error().sqlstate, "0A000");
}

struct StateCase {
    char const* sqlstate;
    Outcome outcome;
};

class Sqlstates : public ConnectionTest, public testing::WithParamInterface<StateCase> {};

// The server raises the code itself, so that the way from its words to the outcome is tested, not only the table.
TEST_P(Sqlstates, MeanWhatTheRulesSay)
{
    auto const raised = loop.run(
        connection->run_script(std::string("DO $$ BEGIN RAISE EXCEPTION 'drill' USING ERRCODE = '") + GetParam().sqlstate + "'; END $$"));
    ASSERT_FALSE(raised);
    EXPECT_EQ(raised.error().sqlstate, GetParam().sqlstate);
    EXPECT_EQ(raised.error().outcome, GetParam().outcome);
    EXPECT_TRUE(connection->usable()) << "an error of a statement, even of class 08, is not the end of the connection";
}

INSTANTIATE_TEST_SUITE_P(Table, Sqlstates,
                         testing::Values(StateCase{"40001", Outcome::retry_now}, StateCase{"40P01", Outcome::retry_now},
                                         StateCase{"55P03", Outcome::retry_later}, StateCase{"57014", Outcome::retry_later},
                                         StateCase{"25006", Outcome::standby}, StateCase{"53100", Outcome::no_room},
                                         StateCase{"53300", Outcome::no_room}, StateCase{"57P03", Outcome::not_up},
                                         StateCase{"08006", Outcome::unknown}, StateCase{"57P01", Outcome::unknown},
                                         StateCase{"40003", Outcome::unknown}, StateCase{"23505", Outcome::refused},
                                         StateCase{"22003", Outcome::refused}, StateCase{"LB001", Outcome::refused}),
                         [](auto const& info) { return std::string(info.param.sqlstate); });

TEST(Connecting, ToNothingSaysNotUp)
{
    Loop loop;
    auto info = std::make_shared<ConnectionInfo>(*ConnectionInfo::parse("host=/nonexistent dbname=x user=x"));
    auto const nothing = loop.run(Connection::connect(loop.executor(), info));
    ASSERT_FALSE(nothing);
    EXPECT_EQ(nothing.error().outcome, Outcome::not_up);
}

TEST(Connecting, TakesTheNextHostAndRemembersWhichFailed)
{
    Loop loop;
    auto const& url = TestDatabase::instance().url();
    auto const end = url.find(' ');
    auto const two = "host=/nonexistent," + url.substr(5, end - 5) + url.substr(end);
    auto info = std::make_shared<ConnectionInfo>(*ConnectionInfo::parse(two));
    ASSERT_EQ(info->host_count(), 2u);
    auto const connection = loop.run(Connection::connect(loop.executor(), info));
    ASSERT_TRUE(connection) << connection.error().message;
    EXPECT_EQ(info->order(), (std::vector<std::size_t>{1, 0}));
}

TEST(Connecting, AFrozenServerIsGivenUpAndTheNextTaken)
{
    Loop loop;
    tests::PrivateServer frozen;
    auto const& url = TestDatabase::instance().url();
    auto const end = url.find(' ');
    auto info = std::make_shared<ConnectionInfo>(
        *ConnectionInfo::parse("host=" + frozen.socket_folder() + "," + url.substr(5, end - 5) + url.substr(end)));
    frozen.freeze();
    auto const connection = loop.run(Connection::connect(loop.executor(), info));
    frozen.thaw();
    ASSERT_TRUE(connection) << connection.error().message;
    EXPECT_EQ(info->order().back(), 0u);
}

}  // namespace
}  // namespace cho40::postgres
