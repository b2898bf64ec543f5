#pragma once
#include "adapters/postgres/connection_socket.h"
#include "adapters/postgres/pipeline.h"
#include "adapters/postgres/statement_cache.h"
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace cho40::postgres {

// Whoever waits for an answer. Movable only. (asio::any_completion_handler of Boost 1.81 constructs itself from an
// lvalue of itself without end.)
class Waiting {
public:
    Waiting() = default;
    template <class Handler>
        requires(!std::same_as<std::remove_cvref_t<Handler>, Waiting>)
    explicit Waiting(Handler&& handler)
        : slot_(boost::asio::get_associated_cancellation_slot(handler)),
          callback_(std::make_unique<Of<std::decay_t<Handler>>>(std::move(handler)))
    {
    }
    [[nodiscard]] boost::asio::cancellation_slot& slot() { return slot_; }
    void operator()(DbResult<Replies> reply) && { std::exchange(callback_, nullptr)->call(std::move(reply)); }

private:
    struct Callback {
        virtual ~Callback() = default;
        virtual void call(DbResult<Replies> reply) = 0;
    };
    template <class Handler>
    struct Of final : Callback {
        explicit Of(Handler h) : handler(std::move(h)) {}
        void call(DbResult<Replies> reply) override
        {
            auto own = std::move(handler);
            std::move(own)(std::move(reply));
        }
        Handler handler;
    };
    boost::asio::cancellation_slot slot_;
    std::unique_ptr<Callback> callback_;
};

// The working half of a Pipeline: what is on the wire, in order. Callbacks, not a coroutine: there is one of these
// for thousands of calls a second, and it must outlive any of its callers.
class Pipeline::Engine : public std::enable_shared_from_this<Pipeline::Engine> {
public:
    using TimePoint = Socket::TimePoint;

    explicit Engine(std::unique_ptr<Socket> socket);

    [[nodiscard]] DbResult<Done> start();
    void submit(std::shared_ptr<Segment const> segment, bool reads, std::chrono::milliseconds limit, Waiting waiting);

    [[nodiscard]] bool usable() const { return socket_->is_open() && !retiring_; }
    [[nodiscard]] bool is_open() const { return socket_->is_open(); }
    [[nodiscard]] std::size_t unanswered() const { return unanswered_; }
    [[nodiscard]] int backend_pid() const { return socket_->is_open() ? PQbackendPID(socket_->raw()) : 0; }
    void retire();
    void close(DbError const& why);
    void on_closed(std::function<void(DbError const&)> callback) { closed_ = std::move(callback); }

private:
    static constexpr std::size_t reads_together_max = 32;

    struct Call {
        std::shared_ptr<Segment const> segment;
        Waiting waiting;
        TimePoint deadline;
        Replies replies;
        std::optional<DbError> error;
        bool reads = false;
        bool answered = false;
    };
    using CallPtr = std::shared_ptr<Call>;

    // Everything up to one sync.
    struct Flight {
        std::vector<CallPtr> calls;
        StatementCache::Entry* preparing = nullptr;
        char const* preparing_name = "";
        std::size_t call = 0, step = 0;
        std::optional<DbError> error;  // the first of this sync
        [[nodiscard]] Call* current() { return call < calls.size() ? calls[call].get() : nullptr; }
    };

    void plan_flush();
    void flush();
    bool send_steps(Call const& call);
    bool prepare_steps(Call const& call);
    bool send_flight(Flight flight);
    void write_out();
    void watch_read();
    void watch_write();
    void process();
    void take(Rows result);
    void statement_ended();
    void flight_ended();
    void answer(Call& call, DbResult<Replies> reply);
    void deliver();
    void watch_deadline(TimePoint deadline);
    void deadline_passed();
    void broken(std::string_view while_doing);

    std::unique_ptr<Socket> socket_;
    boost::asio::any_io_executor executor_;
    StatementCache statements_;
    ParamArrays arrays_;
    std::deque<CallPtr> queued_;    // asked for, not yet given to libpq
    std::deque<Flight> flights_;    // on the wire
    std::vector<std::pair<Waiting, DbResult<Replies>>> done_;
    boost::asio::steady_timer timer_;
    TimePoint timer_at_ = TimePoint::max();
    std::function<void(DbError const&)> closed_;
    std::size_t unanswered_ = 0;
    bool flush_planned_ = false, reading_ = false, writing_ = false, retiring_ = false, delivering_ = false;
};

}  // namespace cho40::postgres
