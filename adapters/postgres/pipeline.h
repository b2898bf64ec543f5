#pragma once
#include "adapters/postgres/connection_info.h"
#include "adapters/postgres/statement.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>

namespace cho40::postgres {

// A connection in pipeline mode that many coroutines share. Each segment is one implicit transaction; several are
// on the way at once and answers come back in order. Reads that are asked for in the same turn of the loop travel
// under one sync (one packet out, one in); when one of them fails, only it sees the error and the others are sent again.
//
// When the server or the deadline ends the connection, everything on the way is answered `unknown` (reads too: the
// Pool knows that a read may simply be asked again) and usable() is false for good.
// All calls on the loop's thread.
class Pipeline {
public:
    [[nodiscard]] static boost::asio::awaitable<DbResult<std::shared_ptr<Pipeline>>> connect(boost::asio::any_io_executor executor,
                                                                                             SharedConnectionInfo info);

    ~Pipeline();
    Pipeline(Pipeline const&) = delete;
    Pipeline& operator=(Pipeline const&) = delete;

    // One Rows for each statement, or the error of the first that failed; then nothing of the segment happened.
    // A cancelled caller gets `unknown` at once; its answer is dropped when it comes.
    [[nodiscard]] boost::asio::awaitable<DbResult<Replies>> run(Segment segment);

    // The same for a segment that only reads.
    [[nodiscard]] boost::asio::awaitable<DbResult<Replies>> read(Segment segment);

    // The same for a segment that may be sent again without being copied; `reads` as above.
    [[nodiscard]] boost::asio::awaitable<DbResult<Replies>> send(std::shared_ptr<Segment const> segment, bool reads,
                                                                 std::chrono::milliseconds deadline);

    [[nodiscard]] bool usable() const;
    [[nodiscard]] std::size_t in_flight() const;  // segments asked for and not answered
    [[nodiscard]] int backend_pid() const;

    // Called once, from the loop, when the connection has ended for whatever reason.
    void on_closed(std::function<void(DbError const&)> callback);

    // Takes no more segments; closes once those on the way are answered.
    void retire();
    // Closes now; what is on the way is answered `unknown`.
    void close();

private:
    class Engine;
    explicit Pipeline(std::shared_ptr<Engine> engine);
    std::shared_ptr<Engine> engine_;
};

}  // namespace cho40::postgres
