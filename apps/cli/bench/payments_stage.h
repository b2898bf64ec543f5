#pragma once
#include "adapters/postgres/connection.h"
#include "apps/cli/demo/stage.h"

namespace cho40::cli::bench {

// Payments of fifty stalls of one market that wait for their money, and the signed notification of payOS for each.
struct PreparedPayments {
    std::string address;              // where the notifications go
    std::vector<std::string> bodies;  // in order of the payments
    std::vector<std::string> stalls;  // payment i is one of stall i % size
};
[[nodiscard]] boost::asio::awaitable<Result<PreparedPayments>> prepare_payments(demo::ApiClient& api, std::size_t payments);

// What a database has after its first hours: statistics (plans made on empty tables are bad ones), and 64 log files that are used
// again (making each is a stall of some 50 ms).
[[nodiscard]] boost::asio::awaitable<Result<Done>> settle(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info);

}  // namespace cho40::cli::bench
