#include "base/droppable.h"
#include "base/offload.h"
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <gtest/gtest.h>
#include <set>

namespace cho40 {
namespace {

namespace asio = boost::asio;

// Stands for what coroutines leave themselves in: a hub's listeners, the keys being worked on.
struct List {
    ~List() { EXPECT_TRUE(entries.empty()) << "somebody's frame outlived the list"; }
    std::set<void const*> entries;
};
struct Entry {
    explicit Entry(List& l) : list(l) { list.entries.insert(this); }
    ~Entry() { list.entries.erase(this); }
    Entry(Entry const&) = delete;
    Entry& operator=(Entry const&) = delete;
    List& list;
};

asio::awaitable<void> wait_for_ever(List& list)
{
    Entry const entry(list);
    asio::steady_timer timer(co_await asio::this_coro::executor, std::chrono::hours(24));
    co_await timer.async_wait(asio::use_awaitable);
}

asio::awaitable<void> compute(List& list, asio::thread_pool& pool, std::function<bool()> work)
{
    Entry const entry(list);
    co_await offload(pool, std::move(work));
}

TEST(Droppable, WhatStillWaitsGoesBeforeWhatItRefersTo)
{
    Droppable<asio::io_context> loop(1);
    List list;
    DropsFirst const leftovers([&] { loop.drop(); });
    asio::co_spawn(loop, wait_for_ever(list), asio::detached);
    loop.poll();
    EXPECT_EQ(list.entries.size(), 1U);
}

TEST(Droppable, SoDoesWhatIsQueuedForAPoolAndWhatItJustAnswered)
{
    Droppable<asio::io_context> loop(1);
    Droppable<asio::thread_pool> pool(1);
    List list;
    std::promise<void> begun, may_end;
    DropsFirst const leftovers([&] {
        pool.stop();
        may_end.set_value();
        pool.join();
        pool.drop();
        loop.drop();
    });
    asio::co_spawn(loop, compute(list, pool, [&] { return begun.set_value(), may_end.get_future().wait(), true; }), asio::detached);
    asio::co_spawn(loop, compute(list, pool, [] { return true; }), asio::detached);
    loop.poll();
    begun.get_future().wait();
    EXPECT_EQ(list.entries.size(), 2U);
}

}  // namespace
}  // namespace cho40
