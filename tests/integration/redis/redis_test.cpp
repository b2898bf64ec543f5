#include "adapters/redis/redis.h"
#include "base/with_deadline.h"
#include "tests/support/loop.h"
#include "tests/support/redis.h"
#include <gtest/gtest.h>

namespace cho40::redis {
namespace {

using namespace std::chrono_literals;
using boost::asio::awaitable;
using tests::eventually;
using tests::Loop;
using tests::PrivateRedis;

class RedisTest : public testing::Test {
protected:
    std::unique_ptr<Redis> open(std::string url, RedisHooks hooks = {})
    {
        RedisOptions options;
        options.url = std::move(url);
        options.beat = 100ms;
        options.reconnect_pause_max = 100ms;
        auto redis = std::make_unique<Redis>(loop.executor(), options, std::move(hooks));
        auto const started = redis->start();
        EXPECT_TRUE(started) << started.error().detail;
        return redis;
    }
    bool wait(std::function<bool()> condition) { return loop.run(eventually(std::move(condition))); }
    bool is_up(Redis& redis)
    {
        return wait([&] { return redis.connected(); });
    }
    std::int64_t heard_by(Redis& redis, std::string channel, std::string payload)
    {
        auto const count = loop.run(redis.publish(std::move(channel), std::move(payload)));
        return count ? *count : -1;
    }

    // Says it again until so many hear it.
    static awaitable<bool> say_until(Redis& redis, std::string channel, std::int64_t hearers)
    {
        auto const until = std::chrono::steady_clock::now() + 10s;
        while (std::chrono::steady_clock::now() < until) {
            auto const count = co_await redis.publish(channel, "x");
            if (count && *count == hearers) co_return true;
            boost::asio::steady_timer tick(co_await boost::asio::this_coro::executor, 2ms);
            co_await tick.async_wait(boost::asio::use_awaitable);
        }
        co_return false;
    }

    Loop loop;
};

TEST_F(RedisTest, WhatIsSaidIsHeardByThoseWhoListenToThatChannel)
{
    PrivateRedis server;
    auto const speaker = open(server.url()), listener = open(server.url());
    std::vector<std::string> heard;
    int listening = 0;
    listener->subscribe(
        {"stall:1", "stall:2"}, [&](std::string_view c, std::string_view p) { heard.push_back(std::string(c) + "=" + std::string(p)); },
        [&] { ++listening; });
    ASSERT_TRUE(wait([&] { return listening == 1; }));
    ASSERT_TRUE(is_up(*speaker));
    EXPECT_EQ(heard_by(*speaker, "stall:1", "a"), 1);
    EXPECT_EQ(heard_by(*speaker, "stall:3", "nobody"), 0);
    EXPECT_EQ(heard_by(*speaker, "stall:2", std::string("\0\r\nđ", 5)), 1);
    speaker->ring("stall:1", "b");
    ASSERT_TRUE(wait([&] { return heard.size() == 3; }));
    EXPECT_EQ(heard, (std::vector<std::string>{"stall:1=a", std::string("stall:2=\0\r\nđ", 13), "stall:1=b"}));
}

TEST_F(RedisTest, SubscriptionsMayComeAndGoAtAnyTime)
{
    PrivateRedis server;
    auto const redis = open(server.url());
    int first = 0, second = 0, listening = 0;
    Redis::Subscription own = 0;
    own = redis->subscribe(
        {"x"},
        [&](auto, auto) {
            ++first;
            redis->unsubscribe(own);
        },
        [&] { ++listening; });
    ASSERT_TRUE(wait([&] { return listening >= 1; }));
    ASSERT_TRUE(is_up(*redis));
    auto const other = redis->subscribe({"x"}, [&](auto, auto) { ++second; }, [&] { listening += 10; });
    ASSERT_TRUE(wait([&] { return listening >= 10; }));
    heard_by(*redis, "x", "1");
    heard_by(*redis, "x", "2");
    ASSERT_TRUE(wait([&] { return second == 2; }));
    EXPECT_EQ(first, 1) << "it took itself off in its own callback";
    redis->unsubscribe(other);
    EXPECT_TRUE(loop.run(say_until(*redis, "x", 0)));
}

TEST_F(RedisTest, CommandsAnswerAndErrorsAreErrors)
{
    PrivateRedis server;
    auto const redis = open(server.url());
    ASSERT_TRUE(is_up(*redis));
    EXPECT_EQ(loop.run(redis->command({"INCR", "n"}))->number, 1);
    EXPECT_EQ(loop.run(redis->command({"GET", "none"}))->kind, Reply::Kind::nil);
    auto const list = loop.run(redis->command({"MGET", "n", "none"}));
    ASSERT_EQ(list->items.size(), 2u);
    EXPECT_EQ(list->items[0].text, "1");
    auto const wrong = loop.run(redis->command({"INCR"}));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, Errc::invalid_input);
}

TEST_F(RedisTest, WithoutRedisNothingWaits)
{
    auto const redis = open("unix:///tmp/there-is-no-redis-here");
    auto const started = std::chrono::steady_clock::now();
    auto const nobody = loop.run(redis->publish("x", "y"));
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, Errc::unavailable);
    redis->ring("x", "y");
    EXPECT_LT(std::chrono::steady_clock::now() - started, 1s);
    EXPECT_FALSE(redis->connected());
}

TEST_F(RedisTest, AKilledRedisComesBackAndListenersAreToldThatTheyMissedSomething)
{
    PrivateRedis server;
    std::vector<bool> changes;
    RedisHooks hooks;
    hooks.changed = [&](bool up) { changes.push_back(up); };
    auto const redis = open(server.url(), hooks);
    int listening = 0, heard = 0;
    redis->subscribe({"x"}, [&](auto, auto) { ++heard; }, [&] { ++listening; });
    ASSERT_TRUE(wait([&] { return listening == 1 && redis->connected(); }));
    for (int round = 0; round < 3; ++round) {
        server.kill();
        ASSERT_TRUE(wait([&] { return !redis->connected(); }));
        redis->ring("x", "lost");
        EXPECT_FALSE(loop.run(redis->publish("x", "lost")));
        server.start();
        ASSERT_TRUE(wait([&] { return redis->connected() && listening == round + 2; }));
        EXPECT_EQ(heard_by(*redis, "x", "again"), 1);
        ASSERT_TRUE(wait([&] { return heard == round + 1; }));
    }
    EXPECT_EQ(changes, (std::vector<bool>{true, false, true, false, true, false, true}));
}

TEST_F(RedisTest, CommandsOnTheWayWhenRedisDiesAreAnswered)
{
    PrivateRedis server;
    auto const redis = open(server.url());
    ASSERT_TRUE(is_up(*redis));
    server.freeze();  // so that they are on the way for sure
    int left = 500, unavailable = 0;
    for (int i = 0; i < 500; ++i) {
        boost::asio::co_spawn(loop.executor(), redis->publish("x", "y"), [&](std::exception_ptr error, Result<std::int64_t> r) {
            EXPECT_FALSE(error);
            if (!r && r.error().code == Errc::unavailable) ++unavailable;
            --left;
        });
    }
    loop.drain();
    server.kill();
    ASSERT_TRUE(wait([&] { return left == 0; }));
    EXPECT_EQ(unavailable, 500);
}

TEST_F(RedisTest, AFrozenRedisIsNoticedByTheBeat)
{
    PrivateRedis server;
    auto const redis = open(server.url());
    int listening = 0;
    redis->subscribe({"x"}, [](auto, auto) {}, [&] { ++listening; });
    ASSERT_TRUE(wait([&] { return listening == 1 && redis->connected(); }));
    server.freeze();
    auto const answer = loop.run(redis->publish("x", "y"));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::unavailable);
    server.thaw();
    // Both connections find their way back: a message goes round again.
    EXPECT_TRUE(loop.run(say_until(*redis, "x", 1)));
}

TEST_F(RedisTest, AListenerThatWentDeafIsConnectedAnew)
{
    PrivateRedis server;
    auto const redis = open(server.url()), other = open(server.url());
    int listening = 0;
    redis->subscribe({"x"}, [](auto, auto) {}, [&] { ++listening; });
    ASSERT_TRUE(wait([&] { return listening == 1 && other->connected(); }));
    ASSERT_TRUE(loop.run(other->command({"CLIENT", "KILL", "TYPE", "pubsub"})));
    EXPECT_TRUE(wait([&] { return listening == 2; }));
}

TEST_F(RedisTest, ACancelledCallerGoesAtOnceAndTheLateReplyIsDropped)
{
    PrivateRedis server;
    auto const redis = open(server.url());
    ASSERT_TRUE(is_up(*redis));
    server.freeze();
    auto const work = [](Redis& r) -> awaitable<int> {
        auto reply = co_await r.publish("x", "y");
        co_return reply ? 1 : 2;
    };
    auto const started = std::chrono::steady_clock::now();
    auto const answer = loop.run(with_deadline(work(*redis), 10ms));
    EXPECT_LT(std::chrono::steady_clock::now() - started, 250ms);
    EXPECT_NE(answer.value_or(0), 1);
    server.thaw();
    EXPECT_TRUE(loop.run(say_until(*redis, "x", 0)));
}

TEST_F(RedisTest, TenThousandCommandsAtOnceAreBoundedNotBuffered)
{
    PrivateRedis server;
    auto const redis = open(server.url());
    ASSERT_TRUE(is_up(*redis));
    int left = 10'000, good = 0, refused = 0;
    for (int i = 0; i < 10'000; ++i) {
        boost::asio::co_spawn(loop.executor(), redis->command({"INCR", "n"}), [&](std::exception_ptr, Result<Reply> r) {
            (r ? good : refused) += 1;
            --left;
        });
    }
    ASSERT_TRUE(wait([&] { return left == 0; }));
    EXPECT_GE(good, 4096);
    EXPECT_EQ(loop.run(redis->command({"GET", "n"}))->text, std::to_string(good));
}

TEST_F(RedisTest, AUrlThatIsNoneIsAnErrorWithoutTheUrl)
{
    for (std::string url :
         {"", "redis", "http://localhost", "unix://", "unix:relative", "redis://:geheim@:0x", "redis://:geheim@localhost:0"}) {
        RedisOptions options;
        options.url = url;
        Redis redis(loop.executor(), options);
        auto const started = redis.start();
        ASSERT_FALSE(started) << url;
        EXPECT_EQ(started.error().code, Errc::invalid_config);
        EXPECT_EQ(started.error().detail.find("geheim"), std::string::npos);
    }
}

}  // namespace
}  // namespace cho40::redis
