#include "adapters/api/event_hub.h"
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <deque>
#include <gtest/gtest.h>
#include <list>
#include <map>

namespace cho40::api {
namespace {

namespace asio = boost::asio;

constexpr ledger::BookId book{7};
constexpr auto soon = std::chrono::milliseconds(1);

Uuid stream(std::uint8_t n)
{
    Uuid id;
    id.bytes[15] = n;
    id.bytes[0] = 1;
    return id;
}

// Counts how often it heard its bell.
asio::awaitable<void> listen(EventHub& hub, Uuid of, int& heard)
{
    EventHub::Listener listener(hub, book, of);
    while (true) {
        co_await listener.wait();
        ++heard;
    }
}

ledger::Batch batch_of(std::initializer_list<std::pair<std::int64_t, Uuid>> events)
{
    ledger::Batch batch;
    for (auto const& [seq, of] : events) {
        ledger::NumberedEvent event;
        event.book = book;
        event.seq = seq;
        event.event.stream = of;
        batch.events.push_back(std::move(event));
    }
    return batch;
}

// A hub with listeners of two streams, on a loop that is run a little at a time.
class Hub : public testing::Test {
protected:
    void start()
    {
        spawn(listen(hub, stream(1), first));
        spawn(listen(hub, stream(2), second));
        loop.poll();
    }

    // Looks like the service's: what is in `events`, of one book.
    void watch()
    {
        EventHub::ReadNews news = [this](ledger::BookId, std::int64_t after) -> asio::awaitable<Result<News>> {
            ++looks;
            if (is_away) co_return fail(Errc::unavailable, "away");
            News found{after, {}};
            for (auto const& [seq, of] : events) {
                if (seq <= after) continue;
                found.head = std::max(found.head, seq);
                found.streams.push_back(of);
            }
            asked.push_back(after);
            co_return found;
        };
        EventHub::ReadHead head = [this](ledger::BookId) -> asio::awaitable<Result<std::int64_t>> {
            ++looks;
            co_return events.empty() ? 0 : events.rbegin()->first;
        };
        spawn(hub.watch(std::move(news), std::move(head), soon));
    }

    void run_for_looks(int more)
    {
        for (auto const until = looks + more; looks < until;) loop.run_one();
        loop.poll();
    }

    void spawn(asio::awaitable<void> work)
    {
        auto& stop = stops.emplace_back();
        asio::co_spawn(loop, std::move(work), asio::bind_cancellation_slot(stop.slot(), asio::detached));
    }

    void TearDown() override
    {
        for (auto& stop : stops) stop.emit(asio::cancellation_type::terminal);
        loop.restart();
        loop.run();
        EXPECT_EQ(hub.listeners(), 0u);
    }

    asio::io_context loop;
    EventHub hub{loop.get_executor()};
    std::list<asio::cancellation_signal> stops;
    std::map<std::int64_t, Uuid> events;
    std::vector<std::int64_t> asked;
    int looks = 0;
    bool is_away = false;
    int first = 0;
    int second = 0;
};

TEST_F(Hub, ABatchRingsTheStreamsItWritesInto)
{
    start();
    hub.ring(batch_of({{1, stream(1)}, {2, stream(1)}}));
    loop.poll();
    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, 0);
}

TEST_F(Hub, WhatAnotherInstanceWritesIsRungForOnce)
{
    events = {{1, stream(1)}};
    start();
    watch();
    run_for_looks(1);
    EXPECT_EQ(first, 1) << "what came before the first look";
    EXPECT_EQ(second, 1);
    events[2] = stream(2);
    run_for_looks(1);
    EXPECT_EQ(first, 1);
    EXPECT_EQ(second, 2);
    run_for_looks(3);
    EXPECT_EQ(second, 2) << "nothing new";
    EXPECT_EQ(asked.back(), 2);
}

TEST_F(Hub, OwnBatchesAreNotLookedForAgain)
{
    start();
    watch();
    run_for_looks(1);
    hub.ring(batch_of({{1, stream(1)}, {2, stream(2)}}));
    run_for_looks(1);
    EXPECT_EQ(asked.back(), 2);
}

TEST_F(Hub, AGapBeforeAnOwnBatchIsLookedForNonetheless)
{
    start();
    watch();
    run_for_looks(1);
    auto const heard = second;
    events = {{1, stream(2)}, {2, stream(1)}};  // the first by another writer, before ours
    hub.ring(batch_of({{2, stream(1)}}));
    run_for_looks(1);
    EXPECT_EQ(asked.back(), 0);
    EXPECT_EQ(second, heard + 1);
}

TEST_F(Hub, ALookThatFailsIsMadeAgain)
{
    start();
    watch();
    run_for_looks(1);
    events[1] = stream(1);
    auto const heard = first;
    is_away = true;
    run_for_looks(2);
    EXPECT_EQ(first, heard);
    is_away = false;
    run_for_looks(1);
    EXPECT_EQ(first, heard + 1);
}

TEST_F(Hub, NobodyListensNobodyLooks)
{
    watch();
    for (int i = 0; i < 5; ++i) loop.run_one();
    EXPECT_EQ(looks, 0);
}

// Readers of one place in one stream, whose reading ends when the test says so.
class Shared : public testing::Test {
protected:
    std::size_t add(std::int64_t after = 0, http::Language language = http::Language::vi)
    {
        auto const n = answers.size();
        answers.emplace_back();
        asio::co_spawn(loop, want(n, after, language), asio::bind_cancellation_slot(stops.emplace_back().slot(), asio::detached));
        loop.restart();
        loop.poll();
        return n;
    }

    asio::awaitable<void> want(std::size_t n, std::int64_t after, http::Language language)
    {
        answers[n] = co_await frames.get(stream(1), after, language, [this] { return read(); });
    }

    asio::awaitable<Result<Frames>> read()
    {
        ++readings;
        auto const frame = Frame{readings, nullptr};
        boost::system::error_code ignored;
        co_await ready.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        auto const state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) throw boost::system::system_error(asio::error::operation_aborted);
        if (is_away) co_return fail(Errc::unavailable, "away");
        co_return Frames{frame};
    }

    void let_read()
    {
        ready.cancel();
        loop.restart();
        loop.poll();
    }

    void leave(std::size_t n)
    {
        std::next(stops.begin(), static_cast<std::ptrdiff_t>(n))->emit(asio::cancellation_type::terminal);
        loop.restart();
        loop.poll();
    }

    std::int64_t seen(std::size_t n) { return answers[n] && *answers[n] ? (**answers[n])->front().seq : 0; }

    asio::io_context loop;
    SharedFrames frames{loop.get_executor()};
    asio::steady_timer ready{loop, std::chrono::steady_clock::time_point::max()};
    std::list<asio::cancellation_signal> stops;
    std::deque<std::optional<Result<std::shared_ptr<Frames const>>>> answers;
    int readings = 0;
    bool is_away = false;
};

TEST_F(Shared, ManyReadersOfTheSameCostOneReading)
{
    for (int i = 0; i < 50; ++i) add();
    EXPECT_EQ(readings, 1);
    let_read();
    for (std::size_t i = 0; i < 50; ++i) EXPECT_EQ(seen(i), 1);
    EXPECT_EQ(seen(add()), 1) << "what was read is kept";
    EXPECT_EQ(readings, 1);
}

TEST_F(Shared, AnotherPlaceOrLanguageIsAnotherReading)
{
    add(0);
    add(5);
    add(5, http::Language::en);
    EXPECT_EQ(readings, 3);
    let_read();
    EXPECT_EQ(seen(2), 3);
}

TEST_F(Shared, WhatIsNewIsReadAnew)
{
    add();
    frames.forget(stream(1));  // while it is read
    auto const late = add();
    EXPECT_EQ(readings, 2);
    let_read();
    EXPECT_EQ(seen(0), 1);
    EXPECT_EQ(seen(late), 2);
    frames.forget(stream(1));
    add();
    EXPECT_EQ(readings, 3);
    let_read();
}

TEST_F(Shared, AReaderThatLeavesHandsItsWorkOn)
{
    auto const gone = add();
    auto const next = add();
    auto const last = add();
    leave(gone);
    EXPECT_EQ(readings, 2);
    let_read();
    EXPECT_FALSE(answers[gone]);
    EXPECT_EQ(seen(next), 2);
    EXPECT_EQ(seen(last), 2);
}

TEST_F(Shared, AWaiterThatLeavesStopsNobody)
{
    auto const reading = add();
    auto const gone = add();
    auto const last = add();
    leave(gone);
    let_read();
    EXPECT_EQ(readings, 1);
    EXPECT_EQ(seen(reading), 1);
    EXPECT_FALSE(answers[gone]);
    EXPECT_EQ(seen(last), 1);
}

TEST_F(Shared, AReadingThatFailsIsToldToAllAndNotKept)
{
    add();
    add();
    is_away = true;
    let_read();
    EXPECT_EQ(answers[0]->error().code, Errc::unavailable);
    EXPECT_EQ(answers[1]->error().code, Errc::unavailable);
    is_away = false;
    auto const again = add();
    let_read();
    EXPECT_EQ(seen(again), 2);
}

}  // namespace
}  // namespace cho40::api
