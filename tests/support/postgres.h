#pragma once
#include "adapters/postgres/connection_info.h"
#include <memory>
#include <string>
#include <vector>

struct pg_conn;

namespace cho40::tests {

// A plain blocking connection beside the code under test: to look, to prepare, to break things.
class PlainSql {
public:
    explicit PlainSql(std::string const& conninfo);  // fails the program when nothing is there
    ~PlainSql();
    PlainSql(PlainSql const&) = delete;
    PlainSql& operator=(PlainSql const&) = delete;

    // The first column of all rows, as text. Throws std::runtime_error with the server's message.
    std::vector<std::string> column(std::string const& sql);
    // The first value; "" when there is no row.
    std::string value(std::string const& sql);
    void run(std::string const& sql) { (void)column(sql); }

    // Ends a backend as an administrator would (57P01) and returns when it is gone.
    void terminate(int backend_pid);

private:
    pg_conn* connection_;
};

// The database of this test binary: made from a template that has all migrations, dropped when the program ends.
// The server is the one CHO40_TEST_DATABASE_URL names; tests/run starts it.
class TestDatabase {
public:
    static TestDatabase& instance();
    ~TestDatabase();
    TestDatabase(TestDatabase const&) = delete;
    TestDatabase& operator=(TestDatabase const&) = delete;

    [[nodiscard]] std::string const& url() const { return url_; }
    [[nodiscard]] postgres::SharedConnectionInfo info() const;
    [[nodiscard]] PlainSql& sql() { return *sql_; }

    // Another database on the same server without any table, for the tests of migrations; dropped at the end too.
    [[nodiscard]] std::string make_empty();

    // Empties every table of ours and keeps the schema: for a test that needs the whole database for itself.
    void truncate_all();

private:
    TestDatabase();

    std::string admin_url_, url_;
    std::vector<std::string> names_;
    std::unique_ptr<PlainSql> sql_;
};

// A PostgreSQL of its own in a temporary folder, for tests that stop and kill the server. Takes a second or two.
class PrivateServer {
public:
    PrivateServer();
    ~PrivateServer();
    PrivateServer(PrivateServer const&) = delete;
    PrivateServer& operator=(PrivateServer const&) = delete;

    [[nodiscard]] std::string const& url() const { return url_; }
    [[nodiscard]] std::string const& socket_folder() const { return socket_folder_; }
    void start();
    void stop();  // fast: connections are ended with 57P01
    void kill();  // SIGKILL to the postmaster and all its children
    void freeze();  // SIGSTOP: it takes connections' bytes and answers nothing
    void thaw();

private:
    void signal_all(int signal);
    std::string folder_, url_, socket_folder_;
};

}  // namespace cho40::tests
