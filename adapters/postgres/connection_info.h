#pragma once
#include "base/result.h"
#include <memory>
#include <string>
#include <vector>

namespace cho40::postgres {

// A connection string of one or several hosts, tried one after the other. libpq's own list is not used because it
// ignores connect_timeout when connecting without blocking, so that one frozen host would stop all the others, and
// because a host that failed has to go to the end of the list: a former primary can still call itself read-write.
class ConnectionInfo {
public:
    struct Keyword {
        std::string name;
        std::string value;
    };

    // "host=db1,db2 port=5432 dbname=cho40 ..." or a postgresql:// URI. What is missing is added:
    // target_session_attrs=read-write, keepalives, tcp_user_timeout, application_name, client_encoding=UTF8.
    // Error: invalid_config (the text never repeats the string: it may hold a password).
    [[nodiscard]] static Result<ConnectionInfo> parse(std::string const& conninfo, std::string const& application_name = "cho40");

    [[nodiscard]] std::size_t host_count() const { return hosts_.size(); }
    // Hosts in the order to try, as indexes for keywords(). The host that failed last comes last.
    [[nodiscard]] std::vector<std::size_t> const& order() const { return order_; }
    [[nodiscard]] std::vector<Keyword> keywords(std::size_t host) const;
    // Moves a host to the end of the order.
    void demote(std::size_t host);

private:
    struct Host {
        std::string host, hostaddr, port;
    };
    std::vector<Host> hosts_;
    std::vector<std::size_t> order_;
    std::vector<Keyword> common_;
};

// All connections of a program share one, so that what one learns about a host the others know.
using SharedConnectionInfo = std::shared_ptr<ConnectionInfo>;

}  // namespace cho40::postgres
