#include "adapters/postgres/migrations.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <gtest/gtest.h>

namespace cho40::postgres {
namespace {

using boost::asio::awaitable;
using tests::Loop;
using tests::TestDatabase;

using Names = std::vector<std::string>;

class MigrationsTest : public testing::Test {
protected:
    Result<Names> apply(std::vector<Migration> const& files)
    {
        return loop.run(migrate(loop.executor(), info, files, std::chrono::seconds(20)));
    }
    Result<Names> pending(std::vector<Migration> const& files) { return loop.run(pending_migrations(loop.executor(), info, files)); }

    Loop loop;
    std::string url = TestDatabase::instance().make_empty();
    SharedConnectionInfo info = std::make_shared<ConnectionInfo>(*ConnectionInfo::parse(url));
    tests::PlainSql sql{url};
};

Migration const first{1, "0001_first.sql", "CREATE TABLE a (id int8); INSERT INTO a VALUES (1);"};
Migration const second{2, "0002_second.sql", "ALTER TABLE a ADD COLUMN b text;"};
Migration const index_apart{3, "0003_index.sql",
                            "-- no-transaction\nCREATE INDEX CONCURRENTLY IF NOT EXISTS a_id_idx ON a (id);\n-- next\n"
                            "CREATE INDEX CONCURRENTLY IF NOT EXISTS a_b_idx ON a (b);\n"};

TEST_F(MigrationsTest, AreAppliedInOrderAndOnlyOnce)
{
    EXPECT_EQ(pending({first, second}), (Names{"0001_first.sql", "0002_second.sql"}));
    EXPECT_EQ(apply({first}), Names{"0001_first.sql"});
    EXPECT_EQ(pending({first, second}), Names{"0002_second.sql"});
    EXPECT_EQ(apply({first, second}), Names{"0002_second.sql"});
    EXPECT_EQ(apply({first, second}), Names{});
    EXPECT_EQ(pending({first, second}), Names{});
    EXPECT_EQ(sql.value("SELECT count(*) FROM a"), "1");
    EXPECT_EQ(sql.value("SELECT string_agg(name, ',' ORDER BY number) FROM schema_migration"), "0001_first.sql,0002_second.sql");
}

TEST_F(MigrationsTest, ABadFileLeavesNothingOfItselfAndKeepsThoseBefore)
{
    Migration const bad{2, "0002_bad.sql", "CREATE TABLE half (id int8); SELECT no_such_function();"};
    auto const refused = apply({first, bad, {3, "0003_never.sql", "CREATE TABLE never (id int8)"}});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Errc::internal_error);
    EXPECT_NE(refused.error().detail.find("0002_bad.sql"), std::string::npos);
    EXPECT_NE(refused.error().detail.find("42883"), std::string::npos);
    EXPECT_EQ(sql.value("SELECT to_regclass('half') IS NULL AND to_regclass('never') IS NULL AND to_regclass('a') IS NOT NULL"), "t");
    EXPECT_EQ(apply({first, second}), Names{"0002_second.sql"})
        << "mended, it goes on; the lease of the failed run may not stand in the way";
}

TEST_F(MigrationsTest, AChangedFileIsAnErrorThatNamesIt)
{
    ASSERT_TRUE(apply({first, second}));
    Migration changed = first;
    changed.sql = "CREATE TABLE a (id int8); INSERT INTO a VALUES (2);";
    for (auto const& result : {apply({changed, second}), pending({changed, second})}) {
        ASSERT_FALSE(result);
        EXPECT_EQ(result.error().code, Errc::invalid_config);
        EXPECT_NE(result.error().detail.find("0001_first.sql"), std::string::npos);
    }
}

TEST_F(MigrationsTest, ANewerSchemaServesAnOlderProgramButABranchDoesNot)
{
    ASSERT_TRUE(apply({first, second}));
    EXPECT_EQ(pending({first}), Names{});
    EXPECT_EQ(apply({first}), Names{});
    auto const gap = pending({first, {3, "0003_other.sql", "SELECT 1"}});
    ASSERT_FALSE(gap);
    EXPECT_NE(gap.error().detail.find("0002_second.sql"), std::string::npos);
    auto const before = pending({{0, "0000_new_before.sql", "SELECT 1"}, first});
    ASSERT_FALSE(before);
    EXPECT_NE(before.error().detail.find("0000_new_before.sql"), std::string::npos);
}

TEST_F(MigrationsTest, FilesWithoutATransactionRunStatementByStatement)
{
    EXPECT_EQ(apply({first, second, index_apart}), (Names{"0001_first.sql", "0002_second.sql", "0003_index.sql"}));
    EXPECT_EQ(sql.value("SELECT count(*) FROM pg_indexes WHERE indexname IN ('a_id_idx', 'a_b_idx')"), "2");
}

TEST_F(MigrationsTest, AFileThatEndsItsOwnTransactionIsRefused)
{
    auto const refused = apply({{1, "0001_commit.sql", "CREATE TABLE x (id int8); COMMIT;"}});
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().detail.find("0001_commit.sql"), std::string::npos);
}

TEST_F(MigrationsTest, ManyRunnersAtOnceApplyEachFileOnce)
{
    // CREATE TABLE without IF NOT EXISTS: a second run of a file would fail.
    std::vector<Migration> const files{first, second, index_apart};
    std::vector<Result<Names>> results(6);
    std::size_t left = results.size();
    for (std::size_t i = 0; i < results.size(); ++i) {
        auto own = std::make_shared<ConnectionInfo>(*ConnectionInfo::parse(url));
        boost::asio::co_spawn(loop.executor(), migrate(loop.executor(), own, files, std::chrono::seconds(30)),
                              [&, i](std::exception_ptr error, Result<Names> r) {
                                  EXPECT_FALSE(error);
                                  results[i] = std::move(r);
                                  --left;
                              });
    }
    ASSERT_TRUE(loop.run(tests::eventually([&] { return left == 0; })));
    std::size_t applied = 0;
    for (auto const& result : results) {
        ASSERT_TRUE(result) << result.error().detail;
        applied += result->size();
    }
    EXPECT_EQ(applied, files.size());
}

TEST_F(MigrationsTest, ALeaseThatRanOutIsTakenOver)
{
    ASSERT_TRUE(apply({first}));
    sql.run("UPDATE schema_migration_lease SET holder = '0192f0c1-2345-7abc-8def-0123456789ab', held_until = now() + interval '300 ms'");
    EXPECT_EQ(apply({first, second}), Names{"0002_second.sql"});
}

TEST_F(MigrationsTest, TheFilesOfThisBuildApplyToAnEmptyDatabase)
{
    auto const files = embedded_migrations();
    auto const done = loop.run(migrate(loop.executor(), info));
    ASSERT_TRUE(done) << done.error().detail;
    EXPECT_EQ(done->size(), files.size());
    EXPECT_EQ(loop.run(pending_migrations(loop.executor(), info)), Names{});
}

}  // namespace
}  // namespace cho40::postgres
