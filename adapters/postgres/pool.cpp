#include "adapters/postgres/pool.h"
#include "base/check.h"
#include "base/uuid.h"
#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <random>

namespace cho40::postgres {

namespace asio = boost::asio;
using asio::awaitable;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

tl::unexpected<DbError> unexpected(DbError error) { return tl::unexpected<DbError>(std::move(error)); }

constexpr milliseconds pause_first{100}, pause_max{2000};  // §7.4: each try after the first waits 100 ms, doubling to 2 s

std::uint32_t seed()
{
    std::uint8_t bytes[4];
    system_random().fill(bytes, sizeof bytes);
    return static_cast<std::uint32_t>(bytes[0]) << 24 | static_cast<std::uint32_t>(bytes[1]) << 16 |
           static_cast<std::uint32_t>(bytes[2]) << 8 | bytes[3];
}

}  // namespace

class Pool::Core : public std::enable_shared_from_this<Pool::Core> {
public:
    Core(asio::any_io_executor executor, PoolOptions options, PoolHooks hooks)
        : executor_(std::move(executor)), options_(std::move(options)), hooks_(std::move(hooks)), wake_supervisor_(executor_),
          supervisor_ended_(executor_, steady_clock::time_point::max()), random_(seed())
    {
        CHO_CHECK(options_.info != nullptr);
        CHO_CHECK(options_.read_connections >= 1);
        CHO_CHECK(options_.write_connections >= 0);
        slots_.resize(static_cast<std::size_t>(options_.read_connections + options_.write_connections));
    }

    awaitable<DbResult<Done>> open(milliseconds patience)
    {
        CHO_CHECK(!supervising_);
        supervising_ = true;
        // Owned here: close() waits for its end, and an exception in it is a bug that must not stay hidden.
        auto ended = [self = shared_from_this()](std::exception_ptr error) {
            self->supervising_ = false;
            self->supervisor_ended_.cancel();
            if (error && !self->closing_) std::rethrow_exception(error);
        };
        asio::co_spawn(executor_, supervise(shared_from_this()), asio::bind_cancellation_slot(stop_supervisor_.slot(), std::move(ended)));
        auto connection = co_await acquire(true, steady_clock::now() + patience);
        if (!connection) co_return unexpected(std::move(connection).error());
        co_return Done{};
    }

    awaitable<DbResult<Replies>> ask(Segment asked, bool reads)
    {
        auto const started = steady_clock::now();
        auto const give_up = started + asked.patience();
        auto const segment = std::make_shared<Segment const>(std::move(asked));
        auto pause = pause_first;
        for (;;) {
            auto reply = co_await ask_once(segment, reads, give_up);
            if (reply || !again(reply.error(), reads, segment->is_idempotent())) {
                tell(reads ? "read" : "write", started, reply);
                co_return reply;
            }
            auto const wait = pause_after(reply.error(), reads, pause);
            if (closing_ || steady_clock::now() + wait >= give_up) {
                tell(reads ? "read" : "write", started, reply);
                co_return reply;
            }
            if (hooks_.retried) hooks_.retried(reply.error().outcome);
            asio::steady_timer timer(executor_, wait);
            co_await timer.async_wait(asio::use_awaitable);
        }
    }

    awaitable<void> close(milliseconds patience)
    {
        stop();
        auto const until = steady_clock::now() + patience;
        for (auto& slot : slots_) {
            if (slot) slot->retire();
        }
        while (steady_clock::now() < until && state().in_flight > 0) {
            asio::steady_timer tick(executor_, milliseconds(5));
            co_await tick.async_wait(asio::use_awaitable);
        }
        for (auto& slot : slots_) slot.reset();
        while (supervising_) {
            boost::system::error_code ignored;
            co_await supervisor_ended_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
        }
    }

    // Without waiting; for the destructor.
    void abandon()
    {
        stop();
        for (auto& slot : slots_) slot.reset();
    }

    PoolState state() const
    {
        PoolState state;
        for (auto const& slot : slots_) {
            if (!slot) continue;
            state.connections += slot->usable() ? 1 : 0;
            state.in_flight += slot->in_flight();
        }
        state.waiting = waiting_[0].size() + waiting_[1].size();
        return state;
    }

    SharedConnectionInfo info() const { return options_.info; }

private:
    struct Waiter {
        explicit Waiter(asio::any_io_executor const& executor) : timer(executor) {}
        asio::steady_timer timer;
        bool woken = false;
    };

    void stop()
    {
        closing_ = true;
        // Not when it has ended already: the slot still points into its frame.
        if (supervising_) stop_supervisor_.emit(asio::cancellation_type::terminal);
        for (auto& queue : waiting_) {
            while (!queue.empty()) wake_first(queue);
        }
    }

    static bool again(DbError const& error, bool reads, bool idempotent)
    {
        if (!error.worth_retrying()) return false;
        if (error.outcome == Outcome::no_room && error.sqlstate.empty()) return false;  // our own queue: the caller is told at once
        return reads || idempotent || error.nothing_happened();
    }

    milliseconds pause_after(DbError const& error, bool reads, milliseconds& pause)
    {
        auto const spread = [this](milliseconds upto) { return milliseconds(random_() % static_cast<unsigned>(upto.count() + 1)); };
        switch (error.outcome) {
        case Outcome::retry_now: return milliseconds(1) + spread(milliseconds(20));
        case Outcome::standby:
        case Outcome::not_up: return milliseconds(5) + spread(milliseconds(20));  // the wait for a new connection comes on top
        case Outcome::unknown:
            if (reads && error.connection_lost) return milliseconds(1) + spread(milliseconds(20));
            break;
        case Outcome::retry_later:
        case Outcome::no_room:
        case Outcome::refused: break;
        }
        auto const now = pause / 2 + spread(pause);
        pause = std::min(pause * 2, pause_max);
        return now;
    }

    awaitable<DbResult<Replies>> ask_once(std::shared_ptr<Segment const> segment, bool reads, steady_clock::time_point give_up)
    {
        auto connection = co_await acquire(reads, give_up);
        if (!connection) co_return unexpected(std::move(connection).error());
        auto const left = std::chrono::duration_cast<milliseconds>(give_up - steady_clock::now());
        auto const limit = std::max(milliseconds(1), std::min(segment->deadline(), left));
        FreeSlot const free_slot{*this};
        auto reply = co_await (*connection)->send(segment, reads, limit);
        if (!reply && condemns_server(reply.error())) drop_all();
        co_return reply;
    }

    // Whatever way a call ends, the next in the queue hears of the place that became free.
    struct FreeSlot {
        Core& core;
        ~FreeSlot() { core.wake_one(); }
    };

    // The connection of this kind with the least to do; the other kind's when there is none.
    std::shared_ptr<Pipeline> pick(bool reads) const
    {
        auto const readers = static_cast<std::size_t>(options_.read_connections);
        std::shared_ptr<Pipeline> best;
        auto const look = [&](std::size_t from, std::size_t to) {
            for (auto i = from; i < to; ++i) {
                auto const& slot = slots_[i];
                if (slot && slot->usable() && (!best || slot->in_flight() < best->in_flight())) best = slot;
            }
        };
        look(reads ? 0 : readers, reads ? readers : slots_.size());
        if (!best) look(reads ? readers : 0, reads ? slots_.size() : readers);
        if (best && best->in_flight() >= static_cast<std::size_t>(options_.in_flight_max)) return nullptr;
        return best;
    }

    awaitable<DbResult<std::shared_ptr<Pipeline>>> acquire(bool reads, steady_clock::time_point give_up)
    {
        auto& queue = waiting_[reads ? 0 : 1];
        bool first = true;
        for (;;) {
            if (closing_) co_return unexpected(DbError(Outcome::not_up, "", "the pool is closing"));
            // Those who wait come first.
            if (!first || queue.empty()) {
                if (auto connection = pick(reads)) co_return connection;
            }
            if (queue.size() >= static_cast<std::size_t>(options_.queue_length_max))
                co_return unexpected(DbError(Outcome::no_room, "", "too many wait for the database"));
            auto waiter = std::make_shared<Waiter>(executor_);
            waiter->timer.expires_at(give_up);
            if (first) queue.push_back(waiter);
            else queue.push_front(waiter);
            first = false;
            LeaveQueue const leave{queue, waiter};
            boost::system::error_code error;
            co_await waiter->timer.async_wait(asio::redirect_error(asio::use_awaitable, error));
            if (waiter->woken) continue;
            if (error) co_return unexpected(DbError(Outcome::not_up, "", "given up by the caller"));
            co_return unexpected(last_failure_.value_or(DbError(Outcome::not_up, "", "no connection became free in time")));
        }
    }

    struct LeaveQueue {
        std::list<std::shared_ptr<Waiter>>& queue;
        std::shared_ptr<Waiter> waiter;
        ~LeaveQueue()
        {
            if (!waiter->woken) queue.remove(waiter);
        }
    };

    static void wake_first(std::list<std::shared_ptr<Waiter>>& queue)
    {
        if (queue.empty()) return;
        auto const waiter = queue.front();
        queue.pop_front();
        waiter->woken = true;
        waiter->timer.cancel();
    }

    // One of each kind: while a kind borrows the other's connection, nobody knows whose place became free. Whoever
    // finds none goes back to the head of its queue.
    void wake_one()
    {
        for (auto& queue : waiting_) wake_first(queue);
    }

    // One connection learnt that its server goes down or only reads: the others lead to the same server.
    void drop_all()
    {
        for (auto& slot : slots_) {
            if (slot) slot->retire();
        }
        wake_supervisor_.cancel();
    }

    // Keeps every place filled, one connect at a time: an outage is not the moment for a crowd.
    static awaitable<void> supervise(std::shared_ptr<Core> self)
    {
        auto pause = self->options_.reconnect_pause_min;
        while (!self->closing_) {
            auto const missing = self->find_missing();
            if (!missing) {
                self->wake_supervisor_.expires_after(std::chrono::hours(1));
                co_await self->sleep();
                continue;
            }
            auto connected = co_await Pipeline::connect(self->executor_, self->options_.info);
            if (self->closing_) break;
            if (connected) {
                pause = self->options_.reconnect_pause_min;
                self->take_in(*missing, *std::move(connected));
                continue;
            }
            self->last_failure_ = connected.error();
            if (self->hooks_.connect_failed) self->hooks_.connect_failed(connected.error());
            self->wake_supervisor_.expires_after(pause / 2 + milliseconds(self->random_() % static_cast<unsigned>(pause.count() + 1)));
            co_await self->sleep();
            pause = std::min(pause * 2, self->options_.reconnect_pause_max);
        }
    }

    awaitable<void> sleep()
    {
        boost::system::error_code woken;
        co_await wake_supervisor_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }

    // Readers and writers are refilled in turn, so that the first of each kind comes first.
    std::optional<std::size_t> find_missing() const
    {
        auto const readers = static_cast<std::size_t>(options_.read_connections);
        for (std::size_t i = 0; i < slots_.size(); ++i) {
            for (auto at : {i, readers + i}) {
                if (at < slots_.size() && (at >= readers || i < readers) && !(slots_[at] && slots_[at]->usable())) return at;
            }
        }
        return std::nullopt;
    }

    void take_in(std::size_t place, std::shared_ptr<Pipeline> connection)
    {
        connection->on_closed([weak = weak_from_this()](DbError const& why) {
            auto const self = weak.lock();
            if (!self || self->closing_) return;
            if (self->hooks_.connection_lost) self->hooks_.connection_lost(why);
            if (condemns_server(why)) self->drop_all();
            self->wake_supervisor_.cancel();
        });
        // One that retires still answers what is on its way; it is kept until then by those who wait for it.
        slots_[place] = std::move(connection);
        last_failure_.reset();
        if (hooks_.connected) hooks_.connected();
        for (int i = 0; i < options_.in_flight_max; ++i) wake_one();
    }

    void tell(std::string_view kind, steady_clock::time_point started, DbResult<Replies> const& reply) const
    {
        if (!hooks_.answered) return;
        auto const took = std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - started);
        hooks_.answered(kind, took, reply ? nullptr : &reply.error());
    }

    asio::any_io_executor executor_;
    PoolOptions options_;
    PoolHooks hooks_;
    std::vector<std::shared_ptr<Pipeline>> slots_;  // readers first
    std::list<std::shared_ptr<Waiter>> waiting_[2];  // those who read, those who write
    asio::cancellation_signal stop_supervisor_;
    asio::steady_timer wake_supervisor_, supervisor_ended_;
    std::optional<DbError> last_failure_;
    std::minstd_rand random_;
    bool closing_ = false, supervising_ = false;
};

Pool::Pool(asio::any_io_executor executor, PoolOptions options, PoolHooks hooks)
    : core_(std::make_shared<Core>(std::move(executor), std::move(options), std::move(hooks)))
{
}

Pool::~Pool() { core_->abandon(); }

awaitable<DbResult<Done>> Pool::open(milliseconds patience) { return core_->open(patience); }

awaitable<DbResult<Replies>> Pool::read(Segment segment) { return core_->ask(std::move(segment), true); }

awaitable<DbResult<Replies>> Pool::write(Segment segment) { return core_->ask(std::move(segment), false); }

awaitable<DbResult<Rows>> Pool::read_one(Statement const& statement, Params params)
{
    Segment segment;
    segment.add_step(statement, std::move(params));
    auto replies = co_await core_->ask(std::move(segment), true);
    if (!replies) co_return tl::unexpected<DbError>(std::move(replies).error());
    co_return std::move(replies->front());
}

awaitable<void> Pool::close(milliseconds patience) { return core_->close(patience); }

PoolState Pool::state() const { return core_->state(); }

SharedConnectionInfo Pool::info() const { return core_->info(); }

}  // namespace cho40::postgres
