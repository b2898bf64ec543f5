#include "adapters/stores/ledger_journal.h"
#include "adapters/stores/ledger_reads.h"
#include "ledger/writer.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <algorithm>
#include <boost/asio/detached.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

namespace cho40::stores {
namespace {

using ledger::AccountNumber;
using ledger::Command;
using ledger::EntryRange;
using ledger::HoldState;
using ledger::JournalRow;
using ledger::StatementLine;
using ledger::StatementQuery;
using ledger::TimeAxis;
using ledger::TransferCode;
using ledger::TransferKind;
using tests::TestDatabase;

constexpr ledger::BookId book{9'101};
constexpr Instant began = std::chrono::sys_days(std::chrono::year(2026) / 11 / 1);
constexpr std::int64_t accounts = 90;  // number 1 is in every second transfer, number 90 in none

struct HandClock final : Clock {
    Instant at = began;
    [[nodiscard]] Instant now() const override { return at; }
};

enum class Where { elsewhere, beside_the_writer, where_memory_is_short };

std::string name_of(testing::TestParamInfo<Where> const& info)
{
    constexpr char const* names[] = {"Elsewhere", "BesideTheWriter", "WhereMemoryIsShort"};
    return names[static_cast<int>(info.param)];
}

// A ledger with a past: sealed parts and open ones, holds, transfers told late and told ahead. Everything that reads it is
// compared with the same question asked of a plain list of all rows.
class Reads : public testing::TestWithParam<Where> {
protected:
    static void SetUpTestSuite()
    {
        TestDatabase::instance().truncate_all();
        TestDatabase::instance().sql().run(fmt::format("INSERT INTO book VALUES ({}, 1, 'Sổ thử', 'reads-test', now())", book.value));
        world = new World();
        world->fill();
    }
    static void TearDownTestSuite()
    {
        delete world;
        world = nullptr;
    }

    struct World {
        World()
        {
            EXPECT_TRUE(loop.run(pool.open()));
            EXPECT_TRUE(loop.run(writer.start()));
            boost::asio::co_spawn(loop.executor(), writer.run(), boost::asio::detached);
        }
        ~World()
        {
            writer.stop();
            loop.drain();
            loop.run(pool.close());
        }
        void submit(std::vector<Command> commands) { (void)loop.run(writer.submit_all(std::move(commands))); }
        void keep_parts()
        {
            for (auto const& [b, seq] : loop.run(journal.keep_parts())) writer.drop_entries(b, seq);
        }
        std::int64_t pick(std::int64_t below) { return static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(below)); }
        Command command(int n)
        {
            Command c(book);
            ledger::Transfer t;
            t.id = Id<ledger::Transfer>(make_derived_uuid({"reads", std::to_string(n)}));
            t.debit = AccountNumber{pick(2) == 0 ? 1 : 2 + pick(accounts - 2)};
            do t.credit = AccountNumber{1 + pick(accounts - 1)};
            while (t.credit == t.debit);
            t.amount = Dong(1 + pick(100'000));
            t.code = pick(20) == 0 ? TransferCode::cash_sale : TransferCode::sale;
            t.reference = pick(3) == 0 ? "" : fmt::format("R{}", pick(60));
            // Mostly now; some are told late, a few ahead of their time.
            t.event_at = clock.at - std::chrono::minutes(pick(6) == 0 ? pick(3000) : 0) +
                         std::chrono::minutes(pick(40) == 0 ? pick(300) : 0);
            auto const kind = pick(10);
            if (kind == 0) {
                t.kind = TransferKind::pending;
                if (pick(2) == 0) t.timeout = std::chrono::seconds(60 + pick(600));
                held.push_back(t.id);
            } else if (kind <= 2 && !held.empty()) {
                t.kind = kind == 1 ? TransferKind::post : TransferKind::undo;
                t.pending = held[static_cast<std::size_t>(pick(static_cast<std::int64_t>(held.size())))];
                t.debit = t.credit = AccountNumber{};
                t.amount = Dong();
                t.flags = {};
            }
            c.transfers.push_back(std::move(t));
            return c;
        }
        void fill()
        {
            Command opening(book);
            for (std::int64_t n = 1; n <= accounts; ++n) opening.open.push_back(ledger::Account{AccountNumber{n}});
            submit({opening});
            for (int n = 0; n < 3300;) {
                std::vector<Command> commands;
                for (auto count = 1 + pick(40); count > 0; --count) commands.push_back(command(n++));
                submit(std::move(commands));
                clock.at += std::chrono::seconds(pick(240));
                keep_parts();
            }
            for (std::int64_t after = 0;;) {
                auto const some = loop.run(plain.feed(book, after, 1000));
                ASSERT_TRUE(some) << some.error().detail;
                if (some->empty()) break;
                rows.insert(rows.end(), some->begin(), some->end());
                after = rows.back().seq;
            }
        }

        std::mt19937_64 random{20261123};
        tests::Loop loop;
        HandClock clock;
        observability::Log log{clock, observability::Level::error, [](std::string_view) {}};
        RowWriters writers;
        LedgerJournal journal{loop.executor(),
                              TestDatabase::instance().info(),
                              JournalOptions{.writer_group = "reads-test", .holder = "test", .part_rows = 500},
                              writers,
                              clock,
                              log};
        ledger::Writer writer{loop.executor(), journal, clock};
        postgres::Pool pool{loop.executor(), postgres::PoolOptions{.info = TestDatabase::instance().info()}};
        LedgerReads plain{pool};
        LedgerReads beside_writer{pool, [this] { return &writer.state(); }};
        LedgerReads short_of_memory{pool, [this] { return &writer.state(); }, 25};
        std::vector<Id<ledger::Transfer>> held;
        std::vector<JournalRow> rows;  // all of the book
    };

    LedgerReads& reads()
    {
        switch (GetParam()) {
        case Where::elsewhere: break;
        case Where::beside_the_writer: return world->beside_writer;
        case Where::where_memory_is_short: return world->short_of_memory;
        }
        return world->plain;
    }
    template <class T>
    T get(boost::asio::awaitable<Result<T>> work)
    {
        auto answer = world->loop.run(std::move(work));
        if (!answer) throw std::runtime_error(answer.error().detail);
        return *std::move(answer);
    }
    static std::vector<std::int64_t> seqs(std::vector<JournalRow> const& rows)
    {
        std::vector<std::int64_t> out;
        for (auto const& row : rows) out.push_back(row.seq);
        return out;
    }
    static bool touches(JournalRow const& row, AccountNumber a) { return row.transfer.debit == a || row.transfer.credit == a; }
    template <class Condition>
    static std::vector<std::int64_t> newest_first(Condition condition, std::size_t limit)
    {
        std::vector<std::int64_t> out;
        for (auto row = world->rows.rbegin(); row != world->rows.rend() && out.size() < limit; ++row) {
            if (condition(*row)) out.push_back(row->seq);
        }
        return out;
    }
    AccountNumber any_account() { return AccountNumber{world->pick(4) == 0 ? 1 : 1 + world->pick(accounts)}; }
    // Times that rows have, times between them, and times outside.
    Instant any_time()
    {
        auto const at = world->rows[static_cast<std::size_t>(world->pick(static_cast<std::int64_t>(world->rows.size())))].recorded_at;
        auto const shift = world->pick(10);
        if (shift == 0) return at + std::chrono::hours(24 * 30);
        if (shift == 1) return at - std::chrono::hours(24 * 30);
        return shift < 5 ? at : at + std::chrono::microseconds(world->pick(100'000'000) - 50'000'000);
    }

    static World* world;
};

Reads::World* Reads::world = nullptr;

TEST_P(Reads, ThePastHasSealedPartsAndOpenOnes)
{
    auto& sql = TestDatabase::instance().sql();
    EXPECT_GE(std::stoi(sql.value("SELECT count(*) FROM journal_part WHERE state = 3")), 4);
    EXPECT_GE(std::stoi(sql.value("SELECT count(*) FROM journal j JOIN journal_part p USING (part) WHERE p.state < 3")), 50);
    EXPECT_GT(std::stoi(sql.value("SELECT count(*) FROM hold WHERE state = 4")), 5);
    for (std::size_t i = 0; i < world->rows.size(); ++i) ASSERT_EQ(world->rows[i].seq, static_cast<std::int64_t>(i + 1));
}

TEST_P(Reads, EntriesOfAnAccountInEitherDirection)
{
    auto const head = static_cast<std::int64_t>(world->rows.size());
    for (int round = 0; round < 150; ++round) {
        auto const account = any_account();
        EntryRange range;
        range.ascending = world->pick(2) == 0;
        range.money_only = world->pick(2) == 0;
        range.after = world->pick(2) == 0 ? 0 : world->pick(head);
        range.before = world->pick(2) == 0 ? ledger::seq_end : world->pick(head + 2);
        range.limit = static_cast<std::size_t>(1 + world->pick(300));
        std::vector<std::int64_t> expected;
        for (auto const& row : world->rows) {
            bool const in = touches(row, account) && row.seq > range.after && row.seq < range.before;
            if (in && (!range.money_only || moves_money(row.transfer.kind))) expected.push_back(row.seq);
        }
        if (!range.ascending) std::ranges::reverse(expected);
        if (expected.size() > range.limit) expected.resize(range.limit);
        ASSERT_EQ(seqs(get(reads().entries(book, account, range))), expected)
            << "account " << account.value << (range.ascending ? " up " : " down ") << range.after << ".." << range.before << " limit "
            << range.limit << " money only " << range.money_only;
    }
}

TEST_P(Reads, BalancesAtAnInstantByEitherTime)
{
    for (int round = 0; round < 120; ++round) {
        auto const account = any_account();
        auto const at = any_time();
        std::int64_t recorded = 0, happened = 0;
        for (auto const& row : world->rows) {
            if (!touches(row, account)) continue;
            auto const moved = ledger::movement(row, account).count();
            if (row.recorded_at <= at) recorded += moved;
            if (row.transfer.event_at <= at) happened += moved;
        }
        ASSERT_EQ(get(reads().balance_at(book, account, at, TimeAxis::recorded)).count(), recorded)
            << account.value << to_rfc3339_micro(at);
        ASSERT_EQ(get(reads().balance_at(book, account, at, TimeAxis::event)).count(), happened) << account.value << to_rfc3339_micro(at);
    }
}

TEST_P(Reads, StatementsAddUpByEitherTime)
{
    for (int round = 0; round < 80; ++round) {
        StatementQuery query{book, any_account(), any_time(), any_time(), world->pick(2) == 0 ? TimeAxis::recorded : TimeAxis::event};
        if (query.to < query.from) std::swap(query.from, query.to);
        auto const when = [&](JournalRow const& row) { return query.by == TimeAxis::recorded ? row.recorded_at : row.transfer.event_at; };
        std::int64_t opening = 0;
        std::vector<StatementLine> expected;
        for (auto const& row : world->rows) {
            if (!touches(row, query.account) || !moves_money(row.transfer.kind)) continue;
            if (when(row) < query.from) opening += ledger::movement(row, query.account).count();
            else if (when(row) < query.to) expected.push_back(ledger::line_of(row, query.account));
        }
        if (query.by == TimeAxis::event) std::ranges::stable_sort(expected, {}, &StatementLine::event_at);
        auto balance = opening;
        for (auto& line : expected) line.balance = Dong(balance += line.amount.count());

        auto const stream = get(reads().statement(query));
        auto const statement = get(ledger::read_statement(query, *stream, 10'000));
        ASSERT_EQ(statement.totals.opening().count(), opening);
        ASSERT_EQ(statement.totals.closing().count(), balance);
        ASSERT_EQ(statement.totals.debits().count() - statement.totals.credits().count(), balance - opening);
        ASSERT_EQ(statement.lines, expected);
    }
}

TEST_P(Reads, AStatementTooLongForMemoryIsRefused)
{
    StatementQuery const query{book, AccountNumber{1}, began, began + std::chrono::years(1)};
    auto const stream = get(reads().statement(query));
    auto const statement = world->loop.run(ledger::read_statement(query, *stream, 100));
    ASSERT_FALSE(statement);
    EXPECT_EQ(statement.error().code, Errc::too_many);
}

TEST_P(Reads, BalancesNowAreWhatTheWriterHasInMemory)
{
    for (std::int64_t n = 1; n <= accounts; ++n) {
        auto const report = get(reads().account(book, AccountNumber{n}));
        EXPECT_EQ(report.balance, *world->writer.state().balance(book, AccountNumber{n})) << n;
        EXPECT_EQ(report.seq, static_cast<std::int64_t>(world->rows.size()));
        auto const viewed = TestDatabase::instance().sql().value(
            fmt::format("SELECT balance FROM account_balance WHERE book_id = {} AND account_no = {}", book.value, n));
        EXPECT_EQ(viewed, std::to_string(report.balance.posted.count())) << n;
    }
    auto& sql = TestDatabase::instance().sql();
    EXPECT_EQ(sql.value("SELECT count(*) FROM ledger_entry"), std::to_string(2 * world->rows.size()));
    EXPECT_EQ(sql.value("SELECT sum(amount) FROM ledger_entry"), "0");
    EXPECT_EQ(sql.value("SELECT count(*) FROM account_balance b JOIN (SELECT book_id, account_no, sum(amount) AS total FROM ledger_entry "
                        "GROUP BY 1, 2) e USING (book_id, account_no) WHERE b.balance <> e.total"),
              "0");
}

TEST_P(Reads, OneTransferById)
{
    for (int round = 0; round < 60; ++round) {
        auto const& row = world->rows[static_cast<std::size_t>(world->pick(static_cast<std::int64_t>(world->rows.size())))];
        auto const found = get(reads().transfer(book, row.transfer.id));
        ASSERT_TRUE(found);
        EXPECT_EQ(found->seq, row.seq);
        EXPECT_EQ(found->transfer, row.transfer);
    }
    EXPECT_FALSE(get(reads().transfer(book, Id<ledger::Transfer>(make_derived_uuid({"nobody"})))));
}

TEST_P(Reads, TransfersByReferenceCodeAndTime)
{
    for (int round = 0; round < 40; ++round) {
        auto const limit = static_cast<std::size_t>(1 + world->pick(80));
        auto const all_pages = [&](ledger::TransferFilter const& filter) {
            std::vector<std::int64_t> out;
            for (auto before = std::optional(ledger::seq_end); before;) {
                auto const page = get(reads().transfers(book, filter, *before, limit));
                EXPECT_LE(page.rows.size(), limit);
                for (auto const seq : seqs(page.rows)) out.push_back(seq);
                before = page.next;
            }
            return out;
        };
        auto const reference = fmt::format("R{}", world->pick(61));
        auto const all = world->rows.size();
        EXPECT_EQ(all_pages({.reference = reference}), newest_first([&](auto const& r) { return r.transfer.reference == reference; }, all));
        if (round % 8 == 0) {
            EXPECT_EQ(all_pages({.code = TransferCode::cash_sale}),
                      newest_first([&](auto const& r) { return r.transfer.code == TransferCode::cash_sale; }, all));
        }
        auto from = any_time(), to = any_time();
        if (to < from) std::swap(from, to);
        auto const period = std::pair(from, to);
        auto const within = [&](Instant at) { return at >= from && at < to; };
        EXPECT_EQ(all_pages({.recorded = period}), newest_first([&](auto const& r) { return within(r.recorded_at); }, all));
        EXPECT_EQ(all_pages({.happened = period}), newest_first([&](auto const& r) { return within(r.transfer.event_at); }, all));
    }
}

TEST_P(Reads, HoldsByHowTheyEnded)
{
    std::map<Uuid, HoldState> expected;
    for (auto const& row : world->rows) {
        auto const& t = row.transfer;
        if (t.kind == TransferKind::pending) expected[t.id.uuid] = HoldState::open;
        if (t.kind == TransferKind::post) expected[t.pending.uuid] = HoldState::posted;
        if (t.kind == TransferKind::undo) expected[t.pending.uuid] = HoldState::voided;
        if (t.kind == TransferKind::expire) expected[t.pending.uuid] = HoldState::expired;
    }
    for (auto const state : {HoldState::open, HoldState::posted, HoldState::voided, HoldState::expired}) {
        std::vector<Uuid> found, wanted;
        for (Uuid after{};;) {
            auto const page = get(reads().holds(book, state, after, 7));
            for (auto const& hold : page) found.push_back(hold.id.uuid);
            if (page.size() < 7) break;
            after = found.back();
        }
        for (auto const& [id, ended] : expected) {
            if (ended == state) wanted.push_back(id);
        }
        EXPECT_EQ(found, wanted) << static_cast<int>(state);
        EXPECT_FALSE(wanted.empty());
    }
}

TEST_P(Reads, TheFeedHasNoGapsWhereverItIsTakenUp)
{
    auto const head = static_cast<std::int64_t>(world->rows.size());
    EXPECT_EQ(get(reads().head(book)), head);
    for (int round = 0; round < 40; ++round) {
        auto const after = world->pick(head + 1);
        auto const limit = 1 + world->pick(900);
        auto const rows = get(reads().feed(book, after, static_cast<std::size_t>(limit)));
        ASSERT_EQ(static_cast<std::int64_t>(rows.size()), std::min(limit, head - after));
        for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i].seq, after + static_cast<std::int64_t>(i) + 1);
    }
}

TEST_P(Reads, WhatIsNotThereIsSaidByName)
{
    auto const nobody = world->loop.run(reads().entries(book, AccountNumber{77'777}, {}));
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, Errc::account_unknown);
    auto const nowhere = world->loop.run(reads().feed(ledger::BookId{1}, 0, 10));
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, Errc::not_found);
}

// No question may read a whole sealed part.
TEST_P(Reads, SealedPartsAreReadThroughTheirIndexes)
{
    auto& sql = TestDatabase::instance().sql();
    PartStatements statements;
    auto const part = static_cast<std::int16_t>(
        std::stoi(sql.value("SELECT min(part) FROM journal_part WHERE state = 3 AND row_count > 0")));
    sql.run("SET enable_seqscan = off; SET plan_cache_mode = force_generic_plan");
    auto const plan = [&](PartQuery query, std::string const& types, std::string const& values) {
        sql.run(fmt::format("PREPARE look ({}) AS {}", types, statements.get(query, part).sql));
        std::string out;
        for (auto const& line : sql.column(fmt::format("EXPLAIN EXECUTE look ({})", values))) out += line + "\n";
        sql.run("DEALLOCATE look");
        return out;
    };
    for (auto const& [query, index] : {std::pair{PartQuery::debits_up, "debit_idx"},
                                       {PartQuery::debits_down, "debit_idx"},
                                       {PartQuery::credits_up, "credit_idx"},
                                       {PartQuery::credits_down, "credit_idx"}}) {
        auto const text = plan(query, "int8, int8, int8, int8, bool, int8", "9101, 0, 400, 7, true, 50");
        EXPECT_NE(text.find(index), text.npos) << text;
        EXPECT_EQ(text.find("Seq Scan"), text.npos) << text;
        EXPECT_NE(text.find("Index Cond: ((book_id = $1) AND ("), text.npos) << text;
    }
    auto const by_id = plan(PartQuery::by_id, "int8, uuid", "9101, '01900000-0000-7000-8000-000000000000'");
    EXPECT_NE(by_id.find("_id_idx"), by_id.npos) << by_id;
    auto const by_reference = plan(PartQuery::by_reference, "int8, int8, int8, text, int8", "9101, 0, 400, 'R7', 50");
    EXPECT_NE(by_reference.find("reference_idx"), by_reference.npos) << by_reference;
    auto const first = plan(PartQuery::first_at, "int8, timestamptz", "9101, now()");
    EXPECT_EQ(first.find("Seq Scan"), first.npos) << first;
    sql.run("RESET enable_seqscan; RESET plan_cache_mode");
}

// Found by a statement whose account had more entries in the open part than memory names at once: it began with the newest of
// them, and called what it had left out the opening balance.
INSTANTIATE_TEST_SUITE_P(All, Reads, testing::Values(Where::elsewhere, Where::beside_the_writer, Where::where_memory_is_short), name_of);

}  // namespace
}  // namespace cho40::stores
