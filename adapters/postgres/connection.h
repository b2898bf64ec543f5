#pragma once
#include "adapters/postgres/connection_info.h"
#include "adapters/postgres/statement.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <vector>

namespace cho40::postgres {

class Socket;
class StatementCache;

// A connection for one user at a time: transactions, COPY, migrations. The ledger's writer holds two of these; all
// other work goes through the Pool. Not for two coroutines at once (checked).
//
// After a deadline, a lost connection or an unknown outcome usable() is false and every call answers at once; drop
// it and connect anew. A destructor in the middle of a transaction rolls it back.
class Connection {
public:
    // Tries the hosts in order, 2 s for each; the first that accepts writes. Error: not_up, standby, no_room.
    [[nodiscard]] static boost::asio::awaitable<DbResult<std::unique_ptr<Connection>>> connect(boost::asio::any_io_executor executor,
                                                                                               SharedConnectionInfo info);

    ~Connection();
    Connection(Connection const&) = delete;
    Connection& operator=(Connection const&) = delete;

    // Prepared under the statement's name the first time. Cancelling the caller closes the connection.
    [[nodiscard]] boost::asio::awaitable<DbResult<Rows>> execute(Statement statement, Params params,
                                                                 std::chrono::milliseconds deadline = default_deadline);

    // SQL without parameters, one or several statements, not prepared; the rows of the last (as text, do not read them).
    [[nodiscard]] boost::asio::awaitable<DbResult<Done>> run_script(std::string sql, std::chrono::milliseconds deadline = default_deadline);

    [[nodiscard]] boost::asio::awaitable<DbResult<Done>> begin(std::chrono::milliseconds deadline = default_deadline);
    // A commit that answers with an error, with a ROLLBACK (the transaction had failed) or with a warning about
    // synchronous replication is not a success: refused, or unknown.
    [[nodiscard]] boost::asio::awaitable<DbResult<Done>> commit(std::chrono::milliseconds deadline = default_deadline);
    [[nodiscard]] boost::asio::awaitable<DbResult<Done>> rollback(std::chrono::milliseconds deadline = default_deadline);

    // `sql` is COPY ... FROM STDIN (FORMAT binary); the chunks, one after the other, are a whole stream (CopyRows).
    // The number of rows written. Outside a transaction this is a transaction of its own.
    [[nodiscard]] boost::asio::awaitable<DbResult<std::int64_t>> copy_in(std::string sql, std::vector<std::string> chunks,
                                                                         std::chrono::milliseconds deadline = default_deadline);

    [[nodiscard]] bool usable() const;
    [[nodiscard]] bool in_transaction() const;
    [[nodiscard]] int backend_pid() const;
    void close();  // at once; also ends what another coroutine waits for, as unknown

private:
    explicit Connection(std::unique_ptr<Socket> socket);
    class Turn;  // one call in progress

    std::unique_ptr<Socket> socket_;
    std::unique_ptr<StatementCache> statements_;
    bool busy_ = false;
};

}  // namespace cho40::postgres
