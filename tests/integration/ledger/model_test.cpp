#include "adapters/stores/journal_rows.h"
#include "adapters/stores/ledger_journal.h"
#include "tests/model/rehearsal.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cho40::tests::model {
namespace {

using namespace ledger;
using stores::LedgerJournal;

constexpr char group[] = "model-test";
constexpr std::size_t commands = 150;

constexpr postgres::Statement insert_tags{"mt_insert_tags",
                                          "INSERT INTO mt_tag (n, poison) SELECT n, p FROM unnest($1::int8[], $2::int8[]) AS u(n, p)"};
constexpr postgres::Statement insert_versions{"mt_insert_versions",
                                              "INSERT INTO mt_version (entity, version, previous) "
                                              "SELECT e, v, nullif(p, 0) FROM unnest($1::uuid[], $2::int8[], $3::int8[]) AS u(e, v, p)"};

stores::RowWriters row_writers()
{
    stores::RowWriters writers;
    writers.add<Tag>(insert_tags, [](auto rows) {
        return postgres::Params(stores::column<std::int64_t>(rows, [](Tag const& t) { return static_cast<std::int64_t>(t.index); }),
                                stores::column<std::int64_t>(rows, [](Tag const& t) { return std::int64_t{t.poison}; }));
    });
    writers.add<VersionRow>(insert_versions, [](auto rows) {
        return postgres::Params(stores::column<Uuid>(rows, [](VersionRow const& v) { return v.entity; }),
                                stores::column<std::int64_t>(rows, [](VersionRow const& v) { return v.next; }),
                                stores::column<std::int64_t>(rows, [](VersionRow const& v) { return v.expected; }));
    });
    return writers;
}

// The real journal, with parts so small that they fill up, and both ways of writing in use.
class PostgresStage final : public Stage {
public:
    PostgresStage()
    {
        database.truncate_all();
        database.sql().run("DROP TABLE IF EXISTS mt_tag, mt_version;"
                           "CREATE TABLE mt_tag (n int8 PRIMARY KEY, poison int8 NOT NULL CHECK (poison = 0));"
                           "CREATE TABLE mt_version (entity uuid, version int8, previous int8, PRIMARY KEY (entity, version), "
                           "  FOREIGN KEY (entity, previous) REFERENCES mt_version)");
        for (int const book : {1, 2})
            database.sql().run(fmt::format("INSERT INTO book VALUES ({}, 1, 'Sổ thử', '{}', now())", book, group));
    }

    ledger::Journal& new_journal(boost::asio::any_io_executor executor, Clock const& clock) override
    {
        stores::JournalOptions options{.writer_group = group, .holder = "model"};
        options.copy_from = 16;
        options.part_rows = 24;
        return *journals_.emplace_back(std::make_unique<LedgerJournal>(executor, database.info(), options, writers_, clock, log_));
    }
    void cut() override
    {
        database.sql().run(
            fmt::format("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cho40 ledger {}'", group));
    }
    boost::asio::awaitable<std::map<BookId, std::int64_t>> seal(ledger::Journal& journal) override
    {
        auto const sealed = co_await static_cast<LedgerJournal&>(journal).keep_parts();
        std::map<BookId, std::int64_t> ends;
        for (auto const& up_to : sealed) ends[up_to.book] = up_to.seq;
        co_return ends;
    }
    bool takeover_waits() const override { return true; }
    void close() override { journals_.clear(); }

    TestDatabase& database = TestDatabase::instance();

private:
    SystemClock wall_;
    observability::Log log_{wall_, observability::Level::error, [](std::string_view) {}};
    stores::RowWriters writers_ = row_writers();
    std::vector<std::unique_ptr<LedgerJournal>> journals_;
};

std::vector<JournalRow> rows_in(TestDatabase& database)
{
    Loop loop;
    auto read = [](boost::asio::any_io_executor executor,
                   postgres::SharedConnectionInfo info) -> boost::asio::awaitable<std::vector<JournalRow>> {
        static constexpr postgres::Statement select{"mt_rows", "SELECT " CHO40_JOURNAL_COLUMNS " FROM journal j ORDER BY j.book_id, j.seq"};
        auto connection = co_await postgres::Connection::connect(executor, info);
        auto const rows = co_await (*connection)->execute(select, postgres::Params());
        std::vector<JournalRow> out;
        for (auto const row : *rows) out.push_back(stores::read_journal_row(row));
        co_return out;
    };
    return loop.run(read(loop.executor(), database.info()));
}

// The tables beside the journal, in the words of the model.
std::vector<std::string> accounts_of(LedgerModel const& model)
{
    std::vector<std::string> out;
    auto const limit = [](std::optional<Dong> const& l) { return l ? std::to_string(l->count()) : "-"; };
    for (auto const& [id, book] : model.books()) {
        for (auto const& [n, s] : book.accounts) {
            out.push_back(fmt::format("{} {} {} {} {}", id.value, n.value, limit(s.account.limits.floor), limit(s.account.limits.ceiling),
                                      s.account.closed ? "closed" : "open"));
        }
    }
    return out;
}

std::vector<std::string> holds_of(LedgerModel const& model)
{
    std::vector<std::string> out;
    for (auto const& [id, book] : model.books()) {
        for (auto const& [pending, hold] : book.holds) out.push_back(fmt::format("{} {} 1", id.value, pending.to_string()));
        for (auto const& [pending, how] : book.ended) {
            out.push_back(fmt::format("{} {} {}", id.value, pending.to_string(), static_cast<int>(how) - 1));
        }
    }
    std::ranges::sort(out);
    return out;
}

// What a snapshot must say: the balance after the account's newest row in a sealed part, and how many there are.
std::vector<std::string> snapshots_of(LedgerModel const& model, std::map<std::int64_t, std::int64_t> const& sealed)
{
    struct Newest {
        std::int64_t seq = 0, balance = 0, entries = 0;
    };
    std::map<std::pair<std::int64_t, std::int64_t>, Newest> newest;
    for (auto const& row : model.rows()) {
        auto const end = sealed.find(row.book.value);
        if (end == sealed.end() || row.seq > end->second) continue;
        auto const note = [&](AccountNumber n, Dong balance) {
            auto& at = newest[{row.book.value, n.value}];
            at = {row.seq, balance.count(), at.entries + 1};
        };
        note(row.transfer.debit, row.debit_balance);
        note(row.transfer.credit, row.credit_balance);
    }
    std::vector<std::string> out;
    for (auto const& [key, at] : newest)
        out.push_back(fmt::format("{} {} {} {} {}", key.first, key.second, at.seq, at.balance, at.entries));
    return out;
}

void expect_tables(PlainSql& sql, LedgerModel const& model, std::vector<std::size_t> passed)
{
    EXPECT_EQ(sql.column("SELECT concat_ws(' ', book_id, account_no, coalesce(floor::text, '-'), coalesce(ceiling::text, '-'), "
                         "CASE WHEN closed THEN 'closed' ELSE 'open' END) FROM account ORDER BY book_id, account_no"),
              accounts_of(model));
    auto holds = sql.column("SELECT concat_ws(' ', book_id, hold_id, state) FROM hold");
    std::ranges::sort(holds);
    EXPECT_EQ(holds, holds_of(model));
    std::map<std::int64_t, std::int64_t> sealed;
    for (auto const& [id, book] : model.books()) {
        auto const end = sql.value(fmt::format("SELECT max(last_seq) FROM journal_part_book WHERE book_id = {}", id.value));
        if (!end.empty()) sealed[id.value] = std::stoll(end);
    }
    EXPECT_EQ(
        sql.column("SELECT concat_ws(' ', book_id, account_no, seq, balance, entries) FROM account_snapshot ORDER BY book_id, account_no"),
        snapshots_of(model, sealed));
    std::ranges::sort(passed);
    std::vector<std::string> tags;
    for (auto const n : passed) tags.push_back(std::to_string(n));
    EXPECT_EQ(sql.column("SELECT n FROM mt_tag ORDER BY n"), tags);
}

void expect_journal(TestDatabase& database, LedgerModel const& model)
{
    auto expected = model.rows();
    std::ranges::stable_sort(expected, {}, &JournalRow::book);
    auto const rows = rows_in(database);
    ASSERT_EQ(rows.size(), expected.size());
    Verifier verifier;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        ASSERT_EQ(row_bytes(rows[i]), row_bytes(expected[i])) << "row " << rows[i].seq << " of book " << rows[i].book.value;
        auto const fault = verifier.on_row(rows[i]);
        ASSERT_FALSE(fault) << fault->law << ": " << fault->what;
    }
    auto const fault = verifier.finish();
    EXPECT_FALSE(fault) << fault->law << ": " << fault->what;
}

class PostgresSeeds : public testing::TestWithParam<std::uint64_t> {};

TEST_P(PostgresSeeds, TheLedgerOnPostgresAndTheModelAgree)
{
    for (auto seed = GetParam(); seed < GetParam() + 5; ++seed) {
        SCOPED_TRACE(fmt::format("seed {}", seed));
        auto const plan = make_plan(seed, commands);
        PostgresStage stage;
        Rehearsal rehearsal(plan, stage);
        auto const difference = rehearsal.run();
        ASSERT_FALSE(difference) << *difference;
        expect_journal(stage.database, rehearsal.model());
        expect_tables(stage.database.sql(), rehearsal.model(), rehearsal.passed());
        if (HasFatalFailure()) return;
    }
}

INSTANTIATE_TEST_SUITE_P(Five, PostgresSeeds, testing::Range<std::uint64_t>(1, 51, 5));

}  // namespace
}  // namespace cho40::tests::model
