#include "adapters/redis/redis.h"
#include "adapters/redis/link.h"
#include "base/check.h"
#include "base/uuid.h"
#include <algorithm>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>
#include <map>
#include <random>

namespace cho40::redis {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

tl::unexpected<Error> away(std::string_view why) { return fail(Errc::unavailable, fmt::format("redis: {}", why)); }

}  // namespace

// Two connections: one for commands, one that listens (RESP2 lets a connection that listens do nothing else). hiredis
// has no deadlines; a beat that goes out on the first and must come back on the second finds a dead or frozen Redis.
class Redis::Core : public std::enable_shared_from_this<Redis::Core> {
public:
    Core(asio::any_io_executor executor, RedisOptions options, RedisHooks hooks)
        : executor_(executor), options_(std::move(options)), hooks_(std::move(hooks)), commands_{Line(executor), false},
          ears_{Line(executor), true}, beat_(executor)
    {
        std::uint8_t bytes[4];
        system_random().fill(bytes, sizeof bytes);
        random_.seed(static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
                     static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3]);
        beat_channel_ = "cho40.beat." + make_uuid7(SystemClock().now(), system_random()).to_string();
    }

    Result<Done> start()
    {
        CHO_TRY(address_, Address::parse(options_.url));
        connect(commands_);
        connect(ears_);
        plan_beat();
        return Done{};
    }

    bool connected() const { return commands_.line.link && commands_.line.link->is_up(); }

    template <class Handler>
    void send(std::vector<std::string> words, Handler handler)
    {
        struct Call {
            explicit Call(Handler h) : handler(std::move(h)) {}
            Handler handler;
            bool done = false;
        };
        auto call = std::make_shared<Call>(std::move(handler));
        // By the reply, by the end of the connection or by the cancellation, whichever is first; always through the
        // loop, never inside a callback of hiredis.
        auto finish = [executor = executor_](std::shared_ptr<Call> const& c, Result<Reply> result) {
            if (std::exchange(c->done, true)) return;
            asio::post(executor, [c, result = std::move(result)]() mutable {
                if (auto slot = asio::get_associated_cancellation_slot(c->handler); slot.is_connected()) slot.clear();
                auto own = std::move(c->handler);
                std::move(own)(std::move(result));
            });
        };
        if (auto slot = asio::get_associated_cancellation_slot(call->handler); slot.is_connected()) {
            slot.assign([weak = std::weak_ptr<Call>(call), finish](asio::cancellation_type) {
                if (auto const c = weak.lock()) finish(c, away("given up by the caller"));
            });
        }
        auto const& link = commands_.line.link;
        if (!link || !link->is_up()) return finish(call, away("not connected"));
        if (link->in_flight() >= options_.in_flight_max) return finish(call, away("too many commands in flight"));
        std::vector<std::string_view> views(words.begin(), words.end());
        auto const sent = link->send(views, [call, finish](redisReply const* reply) {
            if (!reply) return finish(call, away("connection lost"));
            auto copy = copy_reply(reply);
            if (copy.kind == Reply::Kind::error) return finish(call, fail(Errc::invalid_input, "redis: " + copy.text));
            finish(call, std::move(copy));
        });
        if (!sent) finish(call, away("connection lost"));
    }

    void ring(std::string_view channel, std::string_view payload)
    {
        auto const& link = commands_.line.link;
        if (!link || !link->is_up() || link->in_flight() >= options_.in_flight_max) return;
        (void)link->send({"PUBLISH", channel, payload}, {});  // a bell that is not heard is no error
    }

    Subscription subscribe(std::vector<std::string> channels, Heard heard, std::function<void()> listening)
    {
        CHO_CHECK(!channels.empty());
        auto const id = ++last_subscription_;
        auto& mine = subscriptions_[id];
        mine.channels = std::move(channels);
        mine.heard = std::make_shared<Heard>(std::move(heard));
        mine.listening = std::move(listening);
        mine.unconfirmed = mine.channels.size();
        if (ears_.line.link && ears_.line.link->is_up())
            (void)ears_.line.link->subscribe(mine.channels);  // a failure ends the link: see connect()
        return id;
    }

    void unsubscribe(Subscription id)
    {
        auto const found = subscriptions_.find(id);
        if (found == subscriptions_.end()) return;
        auto const gone = std::move(found->second.channels);
        subscriptions_.erase(found);
        std::vector<std::string> unused;
        for (auto const& channel : gone) {
            auto const used = std::ranges::any_of(subscriptions_,
                                                  [&](auto const& s) { return std::ranges::count(s.second.channels, channel) > 0; });
            if (!used) unused.push_back(channel);
        }
        if (ears_.line.link && ears_.line.link->is_up()) (void)ears_.line.link->unsubscribe(unused);
    }

    void close()
    {
        closing_ = true;
        beat_.cancel();
        subscriptions_.clear();
        for (auto* side : {&commands_, &ears_}) {
            side->line.retry.cancel();
            if (auto link = std::exchange(side->line.link, nullptr)) link->close("closed");
        }
    }

private:
    struct Line {
        explicit Line(asio::any_io_executor const& executor) : retry(executor) {}
        std::shared_ptr<Link> link;
        asio::steady_timer retry;
        milliseconds pause{0};
    };
    struct Side {
        Line line;
        bool listens;
    };
    struct Listener {
        std::vector<std::string> channels;
        std::shared_ptr<Heard> heard;
        std::function<void()> listening;
        std::size_t unconfirmed = 0;
    };

    void connect(Side& side)
    {
        if (closing_) return;
        auto const weak = weak_from_this();
        Link::Events events;
        events.up = [weak, &side] {
            if (auto const self = weak.lock()) self->came_up(side);
        };
        events.down = [weak, &side](std::string const& why) {
            if (auto const self = weak.lock()) self->went_down(side, why);
        };
        if (side.listens) {
            events.pushed = [weak](Link::Pushed message) {
                if (auto const self = weak.lock()) self->hear(std::move(message));
            };
        }
        side.line.link = std::make_shared<Link>(executor_, std::move(events));
        side.line.link->connect(address_);
    }

    void came_up(Side& side)
    {
        if (closing_) return;
        side.line.pause = milliseconds(0);
        if (!side.listens) {
            told_up_ = true;
            unanswered_beats_ = 0;
            if (hooks_.changed) hooks_.changed(true);
            return;
        }
        unheard_beats_ = 0;
        std::vector<std::string> channels{beat_channel_};
        for (auto& [id, listener] : subscriptions_) {
            listener.unconfirmed = listener.channels.size();
            for (auto const& channel : listener.channels) {
                if (!std::ranges::count(channels, channel)) channels.push_back(channel);
            }
        }
        (void)side.line.link->subscribe(channels);
    }

    void went_down(Side& side, std::string const& why)
    {
        side.line.link.reset();
        if (closing_) return;
        if (!side.listens) {
            if (std::exchange(told_up_, false)) {
                if (hooks_.changed) hooks_.changed(false);
            } else if (hooks_.connect_failed) {
                hooks_.connect_failed(why);
            }
        }
        side.line.pause = std::clamp(side.line.pause * 2, options_.reconnect_pause_min, options_.reconnect_pause_max);
        auto const spread = milliseconds(random_() % static_cast<unsigned>(side.line.pause.count() + 1));
        side.line.retry.expires_after(side.line.pause / 2 + spread);
        side.line.retry.async_wait([weak = weak_from_this(), &side](boost::system::error_code error) {
            auto const self = weak.lock();
            if (!error && self) self->connect(side);
        });
    }

    void hear(Link::Pushed message)
    {
        if (message.kind == "message" && message.channel == beat_channel_) {
            unheard_beats_ = 0;
            return;
        }
        // A callback may subscribe or unsubscribe: collect first, call afterwards.
        std::vector<std::shared_ptr<Heard>> hearers;
        std::vector<std::function<void()>> started;
        for (auto& [id, listener] : subscriptions_) {
            if (!std::ranges::count(listener.channels, message.channel)) continue;
            if (message.kind == "message") hearers.push_back(listener.heard);
            if (message.kind == "subscribe" && listener.unconfirmed > 0 && --listener.unconfirmed == 0 && listener.listening)
                started.push_back(listener.listening);
        }
        for (auto const& heard : hearers) (*heard)(message.channel, message.payload);
        for (auto const& listening : started) listening();
    }

    void plan_beat()
    {
        beat_.expires_after(options_.beat);
        beat_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
            auto const self = weak.lock();
            if (error || !self || self->closing_) return;
            self->send_beat();
            self->plan_beat();
        });
    }

    void send_beat()
    {
        auto const& commands = commands_.line.link;
        auto const& ears = ears_.line.link;
        if (commands && commands->is_up()) {
            if (unanswered_beats_ >= 2) {
                commands->close("silent");
            } else {
                ++unanswered_beats_;
                (void)commands->send({"PUBLISH", beat_channel_, ""}, [weak = weak_from_this()](redisReply const* reply) {
                    auto const self = weak.lock();
                    if (self && reply) self->unanswered_beats_ = 0;
                });
            }
        } else if (commands && ++unanswered_beats_ >= 4) {
            commands->close("no answer while connecting");
        }
        // The ears can only be judged by beats that were really sent.
        if (ears && ears->is_up() && connected()) {
            if (++unheard_beats_ > 3) ears->close("deaf");
        }
    }

    asio::any_io_executor executor_;
    RedisOptions options_;
    RedisHooks hooks_;
    Address address_;
    Side commands_, ears_;
    asio::steady_timer beat_;
    std::string beat_channel_;
    std::map<Subscription, Listener> subscriptions_;
    Subscription last_subscription_ = 0;
    std::minstd_rand random_;
    int unanswered_beats_ = 0, unheard_beats_ = 0;
    bool closing_ = false, told_up_ = false;
};

Redis::Redis(asio::any_io_executor executor, RedisOptions options, RedisHooks hooks)
    : core_(std::make_shared<Core>(std::move(executor), std::move(options), std::move(hooks)))
{
}

Redis::~Redis() { core_->close(); }

Result<Done> Redis::start() { return core_->start(); }

bool Redis::connected() const { return core_->connected(); }

awaitable<Result<Reply>> Redis::command(std::vector<std::string> words)
{
    auto start = [](auto handler, std::shared_ptr<Core> core, std::vector<std::string> all) {
        core->send(std::move(all), std::move(handler));
    };
    return asio::async_initiate<asio::use_awaitable_t<> const, void(Result<Reply>)>(std::move(start), asio::use_awaitable, core_,
                                                                                    std::move(words));
}

awaitable<Result<std::int64_t>> Redis::publish(std::string channel, std::string payload)
{
    std::vector<std::string> words{"PUBLISH", std::move(channel), std::move(payload)};
    auto reply = co_await command(std::move(words));
    if (!reply) co_return tl::unexpected<Error>(std::move(reply).error());
    co_return reply->number;
}

void Redis::ring(std::string_view channel, std::string_view payload) { core_->ring(channel, payload); }

Redis::Subscription Redis::subscribe(std::vector<std::string> channels, Heard heard, std::function<void()> listening)
{
    return core_->subscribe(std::move(channels), std::move(heard), std::move(listening));
}

void Redis::unsubscribe(Subscription subscription) { core_->unsubscribe(subscription); }

void Redis::close() { core_->close(); }

}  // namespace cho40::redis
