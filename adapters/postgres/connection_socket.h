#pragma once
#include "adapters/postgres/connection_info.h"
#include "adapters/postgres/error.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <chrono>
#include <libpq-fe.h>
#include <memory>

namespace cho40::postgres {

// A libpq connection and the descriptor the loop watches for it. libpq owns the descriptor: it is released, never
// closed, before PQfinish.
class Socket {
public:
    using Descriptor = boost::asio::posix::stream_descriptor;
    using TimePoint = std::chrono::steady_clock::time_point;

    static constexpr std::chrono::milliseconds connect_deadline{2000};  // for each host

    // The first host, in the order of `info`, that answers and accepts writes. Hosts that fail go to the end.
    [[nodiscard]] static boost::asio::awaitable<DbResult<std::unique_ptr<Socket>>> connect(boost::asio::any_io_executor executor,
                                                                                           SharedConnectionInfo info);

    ~Socket();
    Socket(Socket const&) = delete;
    Socket& operator=(Socket const&) = delete;

    [[nodiscard]] PGconn* raw() { return connection_; }
    [[nodiscard]] Descriptor& descriptor() { return descriptor_; }
    [[nodiscard]] bool is_open() const { return connection_ != nullptr; }
    void close();

    // The host did not answer in time: the next connection tries the others first.
    void demote_host();

    // A WARNING about synchronous replication came: the server says "committed" although no other machine has it.
    // Returns whether one came since the last call.
    [[nodiscard]] bool take_replication_warning();

    enum class Ready { io, deadline, cancelled };
    [[nodiscard]] boost::asio::awaitable<Ready> wait(bool read, bool write, TimePoint deadline);

private:
    explicit Socket(boost::asio::any_io_executor executor);
    [[nodiscard]] boost::asio::awaitable<DbResult<Done>> connect_to(std::size_t host);
    void watch();

    Descriptor descriptor_;
    int watched_ = -1;
    PGconn* connection_ = nullptr;
    SharedConnectionInfo info_;
    std::size_t host_ = 0;
    bool replication_warning_ = false;
};

}  // namespace cho40::postgres
