#pragma once
#include "adapters/postgres/pipeline.h"
#include <functional>
#include <string>

namespace cho40::postgres {

struct PoolOptions {
    SharedConnectionInfo info;
    // A read behind a write on the same connection waits for its commit, so the two kinds have connections of their
    // own; while one kind has none, the other lends its.
    int read_connections = 1;
    int write_connections = 1;
    int in_flight_max = 128;      // segments on one connection
    int queue_length_max = 8192;  // callers of each kind waiting for a connection; the next is refused with no_room
    std::chrono::milliseconds reconnect_pause_min{50};
    std::chrono::milliseconds reconnect_pause_max{2000};
};

// What happens in the pool, for metrics. All hooks are optional and called on the loop's thread.
struct PoolHooks {
    std::function<void(std::string_view kind, std::chrono::microseconds took, DbError const* error)> answered;  // "read", "write"
    std::function<void(DbError const&)> connect_failed;
    std::function<void()> connected;
    std::function<void(DbError const&)> connection_lost;
    std::function<void(Outcome)> retried;
};

struct PoolState {
    int connections = 0;  // usable now
    std::size_t in_flight = 0;
    std::size_t waiting = 0;
};

// A few pipeline connections to the server that takes writes, kept open. Callers never see a reconnect, only a delay.
class Pool {
public:
    Pool(boost::asio::any_io_executor executor, PoolOptions options, PoolHooks hooks = {});
    ~Pool();  // Pre: close() has finished, or the loop no longer runs
    Pool(Pool const&) = delete;
    Pool& operator=(Pool const&) = delete;

    // Starts connecting and waits for the first connection. Afterwards the pool keeps trying by itself, also when
    // this answers an error.
    [[nodiscard]] boost::asio::awaitable<DbResult<Done>> open(std::chrono::milliseconds patience = default_patience);

    // Asks again by itself for as long as the segment's patience lasts, whatever the reason: reading twice does no harm.
    [[nodiscard]] boost::asio::awaitable<DbResult<Replies>> read(Segment segment);

    // Asks again when nothing happened (40001, lock timeout, standby, no room, not up); after an unknown outcome
    // only if the segment is idempotent(), otherwise the answer is `unknown` and the caller must find out.
    [[nodiscard]] boost::asio::awaitable<DbResult<Replies>> write(Segment segment);

    // One statement; its rows.
    [[nodiscard]] boost::asio::awaitable<DbResult<Rows>> read_one(Statement const& statement, Params params);

    // Refuses new work, waits for what is on the way (at most `patience`), closes.
    [[nodiscard]] boost::asio::awaitable<void> close(std::chrono::milliseconds patience = std::chrono::milliseconds(5000));

    [[nodiscard]] PoolState state() const;
    [[nodiscard]] SharedConnectionInfo info() const;

private:
    class Core;
    std::shared_ptr<Core> core_;
};

}  // namespace cho40::postgres
