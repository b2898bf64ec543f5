// Amounts between two books that belong to two writers: each step, each loss, each restart, on a real journal.
#include "adapters/stores/journal_reader.h"
#include "adapters/stores/ledger_journal.h"
#include "adapters/stores/movement_store.h"
#include "ledger/between_books.h"
#include "ledger/writer.h"
#include "tests/support/loop.h"
#include "tests/support/postgres.h"
#include <boost/asio/detached.hpp>
#include <fmt/format.h>
#include <gtest/gtest.h>

namespace cho40::stores {
namespace {

using namespace cho40::literals;
using boost::asio::awaitable;
using ledger::AccountNumber;
using ledger::BookId;
using ledger::Command;
using ledger::Movement;
using ledger::MovementEnd;
using ledger::MovementState;
using ledger::Receipt;
using tests::TestDatabase;

constexpr BookId here{9'101}, there{9'102};
constexpr AccountNumber cash{1}, card{2}, shop{3};
constexpr Instant happened_at = Instant(std::chrono::seconds(1'795'000'000));

// A clock that has gone on a little: what is under way is no longer fresh.
struct LaterClock final : Clock {
    Instant now() const override { return SystemClock().now() + std::chrono::minutes(1); }
};

struct Unheard final : ledger::MovementWatch {
    void on_ended(Movement const&, MovementEnd const&) override { ++ended; }
    void on_put_off(Movement const&, Error const&) override { ++put_off; }
    int ended = 0, put_off = 0;
};

// Both writers in one process; commands go to the one that has the book. From a given command on it fails: before it is heard,
// or after it was done.
struct Writers final : ledger::Ledger {
    enum class Loss { none, question, answer };

    explicit Writers(tests::Loop& l) : loop(l) { start(); }
    ~Writers() override { end(); }
    Writers(Writers const&) = delete;
    Writers& operator=(Writers const&) = delete;

    struct One {
        One(tests::Loop& loop, std::string group, RowWriters const& rows, Clock const& clock, observability::Log const& log)
            : journal(loop.executor(), TestDatabase::instance().info(), JournalOptions{.writer_group = std::move(group), .holder = "test"},
                      rows, clock, log),
              writer(loop.executor(), journal, clock)
        {
        }
        LedgerJournal journal;
        ledger::Writer writer;
    };

    void start()
    {
        for (auto const* group : {"between-here", "between-there"}) {
            auto& one = (group == std::string_view("between-here") ? first : second).emplace(loop, group, rows, clock, log);
            ASSERT_TRUE(loop.run(one.writer.start()));
            boost::asio::co_spawn(loop.executor(), one.writer.run(), boost::asio::detached);
        }
    }
    void end()
    {
        first->writer.stop();
        second->writer.stop();
        loop.drain();
    }
    // Nothing stays in memory.
    void restart()
    {
        end();
        first.reset();
        second.reset();
        start();
    }

    awaitable<Result<Receipt>> submit(Command command) override
    {
        bool const fails = loss != Loss::none && submitted++ >= fails_from;
        if (fails && loss == Loss::question) co_return fail(Errc::writer_lost, "not heard");
        auto answer = co_await (command.book == here ? first : second)->writer.submit(std::move(command));
        if (fails) co_return fail(Errc::writer_lost, "answer lost");
        co_return answer;
    }

    tests::Loop& loop;
    SystemClock clock;
    observability::Log log{clock, observability::Level::error, [](std::string_view) {}};
    RowWriters rows = [] {
        RowWriters all;
        add_movement_writers(all);
        return all;
    }();
    std::optional<One> first, second;
    Loss loss = Loss::none;
    int submitted = 0, fails_from = 0;
};

class BetweenBooks : public testing::Test {
protected:
    void SetUp() override
    {
        database.truncate_all();
        database.sql().run(
            fmt::format("INSERT INTO book VALUES ({}, 3, 'Đây', 'between-here', now()), ({}, 3, 'Kia', 'between-there', now())", here.value,
                        there.value));
        ASSERT_TRUE(loop.run(pool.open()));
        writers.emplace(loop);
        open(here, {cash, card});
        open(there, {shop});
        Command in(here);
        in.transfers.emplace_back(id(), card, cash, 1'000_vnd, ledger::TransferCode::opening, "", happened_at);
        ASSERT_TRUE(loop.run(writers->submit(in)));
    }
    void TearDown() override
    {
        writers.reset();
        loop.run(pool.close());
    }

    static Id<ledger::Transfer> id() { return Id<ledger::Transfer>(make_uuid7(SystemClock().now(), system_random())); }
    void open(BookId book, std::initializer_list<AccountNumber> numbers)
    {
        Command c(book);
        for (auto const number : numbers)
            c.open.push_back(ledger::Account{number, number == card ? ledger::credits_must_not_exceed_debits : ledger::Limits{}});
        ASSERT_TRUE(loop.run(writers->submit(c)));
    }
    static Movement movement(Dong amount = 10_vnd, AccountNumber to = shop)
    {
        Movement m;
        m.id = id();
        m.from = here;
        m.credit = card;
        m.to = there;
        m.debit = to;
        m.amount = amount;
        m.code = static_cast<ledger::TransferCode>(1000);
        m.reference = "HD";
        m.event_at = happened_at;
        return m;
    }
    Movement left(Movement m)
    {
        EXPECT_TRUE(loop.run(writers->submit(leave(m))));
        return m;
    }
    Result<MovementEnd> carry(Movement const& m)
    {
        ledger::Carrier carrier(*writers, store, clock, watch);
        return loop.run(carrier.carry({m}))[0];
    }
    std::string end_of(Movement const& m)
    {
        return database.sql().value(
            fmt::format("SELECT state || ':' || coalesce(reason, '-') || ':' || coalesce(arrived_seq, 0) FROM between_books "
                        "WHERE book_id = {} AND movement_id = '{}'",
                        m.from.value, m.id.uuid.to_string()));
    }
    std::string balance(BookId book, AccountNumber account)
    {
        return database.sql().value(
            fmt::format("SELECT balance FROM account_balance WHERE book_id = {} AND account_no = {}", book.value, account.value));
    }
    std::string rows_of(BookId book)
    {
        return database.sql().value(fmt::format("SELECT count(*) FROM journal WHERE book_id = {}", book.value));
    }
    std::optional<ledger::Fault> fault()
    {
        JournalReader reader(pool);
        auto found = loop.run(reader.find_unmirrored_transit());
        EXPECT_TRUE(found) << found.error().detail;
        return *found;
    }

    TestDatabase& database = TestDatabase::instance();
    tests::Loop loop;
    postgres::Pool pool{loop.executor(), postgres::PoolOptions{.info = TestDatabase::instance().info()}};
    MovementStore store{pool, "between-here"};
    LaterClock clock;
    Unheard watch;
    std::optional<Writers> writers;
};

TEST_F(BetweenBooks, TheAmountIsInOneBookAndThenInTheOther)
{
    auto const m = left(movement());
    auto const report = loop.run(store.find(here, m.id));
    ASSERT_TRUE(report && *report);
    EXPECT_EQ((*report)->movement, m);
    EXPECT_EQ((*report)->left_seq, 2);
    EXPECT_EQ((*report)->end.state, MovementState::under_way);
    auto const end = carry(m);
    ASSERT_TRUE(end) << end.error().detail;
    EXPECT_EQ(*end, (MovementEnd{MovementState::posted, std::nullopt, 1}));
    EXPECT_EQ(end_of(m), "2:-:1");
    EXPECT_EQ(balance(here, card), "990");
    EXPECT_EQ(balance(here, transit_account(there)), "10");
    EXPECT_EQ(balance(there, transit_account(here)), "-10");
    EXPECT_EQ(balance(there, shop), "10");
    EXPECT_EQ((*loop.run(store.find(here, m.id)))->ended_seq, 3);
    EXPECT_FALSE(fault());
}

TEST_F(BetweenBooks, ARefusalIsFinalAlsoForWritersThatHaveForgottenIt)
{
    AccountNumber const target{404};
    auto const m = left(movement(10_vnd, target));
    writers->loss = Writers::Loss::question;
    writers->fails_from = 2;  // refused, written down, and then nobody is there
    EXPECT_FALSE(carry(m));
    writers->loss = Writers::Loss::none;
    writers->restart();
    open(there, {target});
    auto const end = carry(m);
    ASSERT_TRUE(end) << end.error().detail;
    EXPECT_EQ(*end, (MovementEnd{MovementState::refused, Errc::account_unknown, 0}));
    EXPECT_EQ(end_of(m), "3:account_unknown:0");
    EXPECT_EQ(balance(here, card), "1000");
    EXPECT_EQ(balance(there, target), "0");
    EXPECT_FALSE(fault());
}

// Every step may be the last thing that somebody did or heard; another instance, without any memory, finds it and ends it.
TEST_F(BetweenBooks, LostAtAnyStepItEndsOnce)
{
    AccountNumber const nowhere{404};
    int moved = 0;
    for (auto const loss : {Writers::Loss::question, Writers::Loss::answer}) {
        for (auto const target : {shop, nowhere}) {
            for (int step = 0; step < 3; ++step) {
                SCOPED_TRACE(fmt::format("{} lost at step {} on the way to {}", loss == Writers::Loss::question ? "question" : "answer",
                                         step, target.value));
                auto const m = left(movement(10_vnd, target));
                writers->loss = loss;
                writers->submitted = 0;
                writers->fails_from = step;
                (void)carry(m);
                writers->loss = Writers::Loss::none;
                writers->restart();
                EXPECT_FALSE(fault()) << fault()->what;
                ledger::Carrier other(*writers, store, clock, watch);
                ASSERT_TRUE(loop.run(other.round()));
                moved += target == shop;
                EXPECT_EQ(end_of(m), target == shop ? fmt::format("2:-:{}", moved) : "3:account_unknown:0");
                EXPECT_EQ(balance(here, card), std::to_string(1000 - 10 * moved));
                EXPECT_EQ(balance(there, shop), std::to_string(10 * moved));
                EXPECT_FALSE(fault()) << fault()->what;
                auto const rows = rows_of(here);
                (void)carry(m);  // told again by one who slept
                EXPECT_EQ(rows_of(here), rows);
            }
        }
    }
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM hold WHERE state = 1"), "0");
    EXPECT_EQ(database.sql().value("SELECT count(*) FROM between_books WHERE state = 1"), "0");
}

TEST_F(BetweenBooks, TwoCarriersAtOnceDoNoHarm)
{
    std::vector<Movement> movements;
    for (int i = 0; i < 60; ++i) movements.push_back(left(movement(10_vnd, i % 3 == 0 ? AccountNumber{404} : shop)));
    ledger::CarrierLimits few;
    few.at_once = 7;
    ledger::Carrier one(*writers, store, clock, watch, few), other(*writers, store, clock, watch, few);
    int done = 0;
    for (auto* carrier : {&one, &other}) {
        boost::asio::co_spawn(loop.executor(), carrier->round(), [&](std::exception_ptr e, Result<Done> result) {
            EXPECT_FALSE(e);
            EXPECT_TRUE(result);
            ++done;
        });
    }
    ASSERT_TRUE(loop.run(tests::eventually([&] { return done == 2; })));
    EXPECT_EQ(watch.put_off, 0);
    EXPECT_EQ(
        database.sql().value("SELECT count(*) FILTER (WHERE state = 2) || ',' || count(*) FILTER (WHERE state = 3) FROM between_books"),
        "40,20");
    EXPECT_EQ(balance(here, card), "600");
    EXPECT_EQ(balance(there, shop), "400");
    EXPECT_EQ(rows_of(there), "40");
    EXPECT_FALSE(fault());
}

TEST_F(BetweenBooks, BothWaysAtOnceMirrorWhileOneIsUnderWay)
{
    auto const out = left(movement(100_vnd));
    ASSERT_TRUE(carry(out));
    auto back = movement(30_vnd, card);
    std::swap(back.from, back.to);
    back.credit = shop;
    ASSERT_TRUE(loop.run(writers->submit(leave(back))));
    EXPECT_FALSE(fault());
    ASSERT_TRUE(loop.run(writers->submit(arrive(back))));
    EXPECT_FALSE(fault()) << "arrived, and not settled yet";
    ASSERT_TRUE(carry(back));
    EXPECT_EQ(balance(here, transit_account(there)), "70");
    EXPECT_EQ(balance(there, transit_account(here)), "-70");
    EXPECT_FALSE(fault());
}

TEST_F(BetweenBooks, BooksThatDoNotMirrorEachOtherAreFound)
{
    ASSERT_TRUE(carry(left(movement())));
    database.sql().run(fmt::format("UPDATE journal SET credit_balance = credit_balance - 1 WHERE book_id = {}", there.value));
    auto const found = fault();
    ASSERT_TRUE(found);
    EXPECT_EQ(found->law, "transit_mirrors");
    EXPECT_EQ(found->book, here);
    EXPECT_EQ(found->seq, 3);
}

}  // namespace
}  // namespace cho40::stores
