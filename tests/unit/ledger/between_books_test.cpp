#include "ledger/between_books.h"
#include "tests/support/run.h"
#include <gtest/gtest.h>
#include <random>

namespace cho40::ledger {
namespace {

using namespace cho40::literals;
using Step = Journey::Step;

constexpr BookId here{7}, there{9};
constexpr AccountNumber cash{1}, card{2}, shop{3};
Instant const monday(std::chrono::seconds(1'700'000'000));

Movement movement(AccountNumber to = shop)
{
    Movement m;
    m.id = Id<Transfer>(make_following_uuid(make_uuid7(monday, system_random()), "test"));
    m.from = here;
    m.credit = card;
    m.to = there;
    m.debit = to;
    m.amount = 45'000_vnd;
    m.code = static_cast<TransferCode>(1000);
    m.reference = "HD-17";
    m.event_at = monday;
    return m;
}

// Two books, each with a writer of its own, and the two tables beside them.
struct World final : Ledger, MovementStore, Clock, MovementWatch {
    World()
    {
        open(here, cash);
        open(here, card, credits_must_not_exceed_debits);
        open(there, shop);
        Command in(here);
        in.transfers.emplace_back(Id<Transfer>(make_uuid7(monday, system_random())), card, cash, 100'000_vnd, TransferCode::opening, "",
                                  monday);
        EXPECT_TRUE(post(in));
    }

    void open(BookId book, AccountNumber number, Limits limits = {})
    {
        Command c(book);
        c.open.push_back(Account{number, limits});
        EXPECT_TRUE(post(c));
    }
    void close_account(BookId book, AccountNumber number, AccountNumber other)
    {
        Command c(book);
        c.transfers.emplace_back(Id<Transfer>(make_uuid7(time, system_random())), number, other, Dong(), TransferCode::opening, "", time);
        c.transfers.back().flags.closing_debit = true;
        EXPECT_TRUE(post(c));
    }
    void close_period(BookId book)
    {
        Command c(book);
        c.close_before = time;
        EXPECT_TRUE(post(c));
    }

    Result<Receipt> post(Command const& command)
    {
        time += std::chrono::milliseconds(1);
        auto& state = command.book == here ? first : second;
        auto const batch = state.apply(std::span(&command, 1), time);
        state.settle();
        for (auto const& row : batch.rows) write(*row, batch);
        return batch.outcomes[0];
    }
    void write(AttachedRow const& row, Batch const& batch)
    {
        if (auto const* left = dynamic_cast<MovementLeft const*>(&row)) {
            report = MovementReport{left->movement, {}, batch.journal[0].seq, batch.recorded_at};
        } else if (auto const* decided = dynamic_cast<MovementDecided const*>(&row)) {
            EXPECT_FALSE(verdict) << "decided twice";
            verdict = *decided;
        } else if (auto const* over = dynamic_cast<MovementEnded const*>(&row)) {
            EXPECT_EQ(report->end.state, MovementState::under_way) << "ended twice";
            report->end = over->end;
        }
    }

    // Does the journey's next step; `lost`: nobody hears the answer.
    void advance(Journey& journey, bool lost = false)
    {
        if (journey.next() == Step::look_up_decision) return journey.decided(verdict);
        if (journey.next() == Step::look_up_end) return journey.found(report);
        auto const answer = post(journey.command());
        journey.answered(lost ? Result<Receipt>(fail(Errc::writer_lost, "lost")) : answer, time);
    }
    void finish(Journey& journey)
    {
        while (journey.next() != Step::none) advance(journey);
    }

    Dong balance(BookId book, AccountNumber account) const
    {
        auto const found = (book == here ? first : second).balance(book, account);
        return found ? found->posted : Dong();
    }
    Dong held() const { return first.balance(here, card)->credits_held; }
    Dong transit() const { return Dong(balance(here, transit_account(there)).count() + balance(there, transit_account(here)).count()); }

    boost::asio::awaitable<Result<Receipt>> submit(Command command) override
    {
        ++submitted;
        if (command.book == unreachable) co_return fail(Errc::writer_lost, "away");
        co_return post(command);
    }
    Answer<std::optional<MovementDecided>> decision(Movement) override { co_return verdict; }
    Answer<std::optional<MovementReport>> find(BookId, Id<Transfer>) override { co_return report; }
    Answer<std::vector<MovementReport>> under_way(Instant left_before, Place after, std::size_t) override
    {
        std::vector<MovementReport> page;
        bool const further = report && std::pair(report->movement.from, report->left_seq) > std::pair(after.book, after.seq);
        if (further && report->end.state == MovementState::under_way && report->left_at <= left_before) page.push_back(*report);
        co_return page;
    }
    Instant now() const override { return time; }
    void on_ended(Movement const&, MovementEnd const&) override { ++ended; }
    void on_put_off(Movement const&, Error const&) override { ++put_off; }

    State first{StateLimits{.recent_transfers = 256, .versions = 256}}, second{StateLimits{.recent_transfers = 256, .versions = 256}};
    Instant time = monday + std::chrono::seconds(1);
    std::optional<MovementDecided> verdict;
    std::optional<MovementReport> report;
    std::optional<BookId> unreachable;
    int submitted = 0, ended = 0, put_off = 0;
};

void expect_moved(World const& world)
{
    EXPECT_EQ(world.balance(here, card), 55'000_vnd);
    EXPECT_EQ(world.balance(there, shop), 45'000_vnd);
    EXPECT_EQ(world.held(), 0_vnd);
    EXPECT_EQ(world.transit(), 0_vnd);
}

void expect_given_back(World const& world)
{
    EXPECT_EQ(world.balance(here, card), 100'000_vnd);
    EXPECT_EQ(world.held(), 0_vnd);
    EXPECT_EQ(world.balance(here, transit_account(there)), 0_vnd);
    EXPECT_EQ(world.balance(there, transit_account(here)), 0_vnd);
}

TEST(BetweenBooks, LeavesArrivesAndSettles)
{
    World world;
    auto const m = movement();
    auto const left = world.post(leave(m));
    ASSERT_TRUE(left);
    EXPECT_EQ(world.held(), 45'000_vnd);
    EXPECT_EQ(world.balance(here, card), 100'000_vnd);
    Journey journey(m);
    world.finish(journey);
    ASSERT_TRUE(journey.result());
    EXPECT_EQ(*journey.result(), (MovementEnd{MovementState::posted, std::nullopt, 1}));
    EXPECT_EQ(world.report->end, *journey.result());
    expect_moved(world);
}

TEST(BetweenBooks, TheBookItLeavesRefusesLikeAnyTransfer)
{
    World world;
    auto m = movement();
    m.amount = 100'001_vnd;
    EXPECT_EQ(world.post(leave(m)).error().code, Errc::insufficient_funds);
    EXPECT_FALSE(world.report);
    EXPECT_FALSE(world.first.account(here, transit_account(there))) << "nothing was opened either";
}

TEST(BetweenBooks, WhatTheOtherBookRefusesIsGivenBackWithTheReason)
{
    World world;
    auto const m = movement(AccountNumber{404});
    ASSERT_TRUE(world.post(leave(m)));
    Journey journey(m);
    world.finish(journey);
    ASSERT_TRUE(journey.result());
    EXPECT_EQ(*journey.result(), (MovementEnd{MovementState::refused, Errc::account_unknown, 0}));
    expect_given_back(world);
}

// The account is opened just after the first carrier was refused, and a second one comes before the amount is given back.
TEST(BetweenBooks, WhatWasTurnedAwayCannotArriveAfterwards)
{
    World world;
    auto const m = movement(AccountNumber{404});
    ASSERT_TRUE(world.post(leave(m)));
    Journey slow(m), quick(m);
    world.advance(slow);
    ASSERT_EQ(slow.next(), Step::turn_away);
    world.advance(slow);
    ASSERT_EQ(slow.next(), Step::give_back);
    world.open(there, AccountNumber{404});
    world.finish(quick);
    EXPECT_EQ(quick.result()->reason, Errc::account_unknown);
    world.finish(slow);
    EXPECT_EQ(*slow.result(), *quick.result());
    EXPECT_EQ(world.balance(there, AccountNumber{404}), 0_vnd);
    expect_given_back(world);
}

// The same, but the second one arrives before the first could write its refusal down.
TEST(BetweenBooks, WhatHasArrivedCannotBeTurnedAwayAfterwards)
{
    World world;
    auto const m = movement(AccountNumber{404});
    ASSERT_TRUE(world.post(leave(m)));
    Journey slow(m), quick(m);
    world.advance(slow);
    ASSERT_EQ(slow.next(), Step::turn_away);
    world.open(there, AccountNumber{404});
    world.finish(quick);
    EXPECT_EQ(quick.result()->state, MovementState::posted);
    world.finish(slow);
    EXPECT_EQ(*slow.result(), *quick.result());
    EXPECT_EQ(world.balance(there, AccountNumber{404}), 45'000_vnd);
    EXPECT_EQ(world.transit(), 0_vnd);
}

TEST(BetweenBooks, APeriodClosedUnderWayMovesItsEndIntoTheOpenOne)
{
    World world;
    auto const m = movement();
    ASSERT_TRUE(world.post(leave(m)));
    Journey first(m), second(m);
    world.advance(first);
    world.close_period(here);
    world.finish(first);
    ASSERT_TRUE(first.result());
    world.finish(second);  // tells it with another time, and finds what stands
    ASSERT_TRUE(second.result());
    EXPECT_EQ(*first.result(), *second.result());
    expect_moved(world);
}

TEST(BetweenBooks, NobodyElseTouchesWhatIsUnderWay)
{
    World world;
    auto const m = movement();
    ASSERT_TRUE(world.post(leave(m)));
    for (auto const kind : {TransferKind::post, TransferKind::undo}) {
        Command c(here);
        c.transfers.emplace_back(Id<Transfer>(make_uuid7(monday, system_random())), AccountNumber{}, AccountNumber{}, Dong(),
                                 TransferCode::sale, "", monday);
        c.transfers[0].kind = kind;
        c.transfers[0].pending = m.id;
        EXPECT_EQ(world.post(c).error().code, Errc::forbidden);
    }
    Command c(here);
    c.transfers.emplace_back(Id<Transfer>(make_uuid7(monday, system_random())), card, transit_account(there), 1_vnd, TransferCode::sale, "",
                             monday);
    EXPECT_EQ(world.post(c).error().code, Errc::forbidden);
    EXPECT_EQ(world.held(), 45'000_vnd);
    Journey journey(m);
    world.finish(journey);
    expect_moved(world);
}

// Up to three carriers in any order, answers lost at any step, accounts opened and closed and periods closed at any time: it
// ends once, both books agree, and everybody is told the same.
TEST(BetweenBooks, AnyOrderAnyLossOneEnd)
{
    int posted = 0, refused = 0;
    for (unsigned seed = 0; seed < 600; ++seed) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        std::mt19937 dice(seed);
        World world;
        AccountNumber const target{50};
        auto const m = movement(target);
        ASSERT_TRUE(world.post(leave(m)));
        bool opened = dice() % 2 == 0, closed = false;
        if (opened) world.open(there, target);
        std::vector<Journey> journeys(1 + dice() % 3, Journey(m));
        std::vector<MovementEnd> told;
        for (int i = 0; i < 40; ++i) {
            switch (dice() % 12) {
            case 0:
                if (!std::exchange(opened, true)) world.open(there, target);
                break;
            case 1:
                if (opened && !std::exchange(closed, true)) world.close_account(there, target, shop);
                break;
            case 2: world.close_period(dice() % 2 == 0 ? here : there); break;
            default:
                auto& journey = journeys[dice() % journeys.size()];
                world.advance(journey, dice() % 4 == 0);
                if (journey.next() != Step::none) break;
                if (journey.result()) told.push_back(*journey.result());
                journey = Journey(m);
            }
        }
        for (auto& journey : journeys) {
            world.finish(journey);
            ASSERT_TRUE(journey.result()) << journey.result().error().detail;
            told.push_back(*journey.result());
        }
        for (auto const& end : told) ASSERT_EQ(end, world.report->end);
        ASSERT_EQ(world.transit(), 0_vnd);
        ASSERT_EQ(world.held(), 0_vnd);
        bool const arrived = told[0].state == MovementState::posted;
        ASSERT_EQ(world.balance(there, target), arrived ? 45'000_vnd : 0_vnd);
        ASSERT_EQ(world.balance(here, card), arrived ? 55'000_vnd : 100'000_vnd);
        ++(arrived ? posted : refused);
    }
    EXPECT_GT(posted, 100);
    EXPECT_GT(refused, 100);
}

TEST(Carrier, CarriesWhatOthersLeftLyingAndNothingThatIsFresh)
{
    World world;
    ASSERT_TRUE(world.post(leave(movement())));
    Carrier carrier(world, world, world, world);
    ASSERT_TRUE(tests::run(carrier.round()));
    EXPECT_EQ(world.submitted, 0) << "who asked for it is still at it";
    world.time += std::chrono::seconds(3);
    ASSERT_TRUE(tests::run(carrier.round()));
    EXPECT_EQ(world.ended, 1);
    expect_moved(world);
    auto const submitted = world.submitted;
    ASSERT_TRUE(tests::run(carrier.round()));
    EXPECT_EQ(world.submitted, submitted);
}

TEST(Carrier, ABookThatIsAwayIsAskedLessAndLessOften)
{
    World world;
    world.unreachable = there;
    ASSERT_TRUE(world.post(leave(movement())));
    Carrier carrier(world, world, world, world);
    std::vector<int> at;
    for (int second = 3; second < 40; ++second) {
        world.time += std::chrono::seconds(1);
        ASSERT_TRUE(tests::run(carrier.round()));
        if (world.put_off > static_cast<int>(at.size())) at.push_back(second);
    }
    ASSERT_GE(at.size(), 4u);
    ASSERT_LE(at.size(), 6u);
    EXPECT_EQ(world.held(), 45'000_vnd) << "nothing is decided for a book that cannot be asked";
    world.unreachable.reset();
    world.time += std::chrono::seconds(31);
    ASSERT_TRUE(tests::run(carrier.round()));
    expect_moved(world);
}

}  // namespace
}  // namespace cho40::ledger
