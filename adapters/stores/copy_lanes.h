#pragma once
#include "adapters/postgres/connection.h"
#include "adapters/postgres/statement.h"
#include "base/fault.h"
#include "base/signal.h"
#include "ledger/ports.h"
#include <boost/asio/io_context.hpp>
#include <thread>

namespace cho40::stores {

// What becomes one transaction: the first statement, rows by COPY, what follows from them.
struct CopyTransaction {
    postgres::Segment opening;
    std::string copy_command;
    std::vector<std::string> rows;  // as CopyRows::finish() gives them
    postgres::Segment rest;
};

// The connections that large batches go over. They have a thread of their own: a server that takes rows as fast as it can
// must find the next ones in its socket, whatever else the loop is deciding just then (decision 0011).
//
// The rows of two transactions are copied side by side, each on a processor of its own; they are committed in order.
class CopyLanes {
public:
    CopyLanes(postgres::SharedConnectionInfo const& info, std::string application_name, std::string writer_group, std::size_t lanes);
    // Nobody may be waiting for write().
    ~CopyLanes();
    CopyLanes(CopyLanes const&) = delete;
    CopyLanes& operator=(CopyLanes const&) = delete;

    // A place in the order in which lanes are given, which is the order of the commits: a batch that had the last free lane
    // while it waits for one without a lane would wait for ever. Whoever takes a place calls write() with it.
    [[nodiscard]] std::uint64_t take_place() { return ++places_taken_; }

    // Called on the loop that takes the places, which is also where `turn` runs: once the rows are copied, before what follows
    // from them, it waits for the batch before. False: the turn was not given, and nothing of this stands.
    // Error: as PostgreSQL says; its outcome is `unknown` only when COMMIT was sent and not answered.
    [[nodiscard]] boost::asio::awaitable<postgres::DbResult<bool>> write(std::uint64_t place, CopyTransaction transaction,
                                                                         ledger::Journal::Turn const& turn,
                                                                         std::chrono::milliseconds deadline);

private:
    struct Lane {
        std::unique_ptr<postgres::Connection> connection;
        bool busy = false;
    };
    class LaneTurn;
    using Ask = std::function<boost::asio::awaitable<bool>()>;

    boost::asio::awaitable<postgres::DbResult<bool>> write_here(std::uint64_t place, CopyTransaction transaction, Ask ask,
                                                                std::chrono::milliseconds deadline);
    boost::asio::awaitable<postgres::DbResult<Done>> open(Lane& lane);
    boost::asio::awaitable<postgres::DbResult<Done>> fill(postgres::Connection& connection, CopyTransaction& transaction,
                                                          std::chrono::milliseconds deadline);
    static boost::asio::awaitable<postgres::DbResult<Done>> run_steps(postgres::Connection& connection, postgres::Segment& segment,
                                                                      std::chrono::milliseconds deadline);

    std::uint64_t places_taken_ = 0;

    // What follows is touched by the thread only, once it runs.
    boost::asio::io_context loop_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    postgres::SharedConnectionInfo info_;  // not shared with connections of other threads
    std::string application_name_;
    std::string writer_group_;
    std::vector<Lane> lanes_;
    std::uint64_t places_served_ = 0;
    Signal lane_free_;  // or the next one's turn to have it
    std::jthread thread_;
};

// Who writes here, and for whom: statements that make a book read the group from the setting.
inline constexpr postgres::Statement name_backend{
    "ledger_name_backend", "SELECT set_config('application_name', $1, false), set_config('cho40.writer_group', $2, false)"};

// What a test makes happen between two steps on a connection.
[[nodiscard]] postgres::DbResult<Done> after_fault(fault::Effect effect, postgres::Connection& connection);

}  // namespace cho40::stores
