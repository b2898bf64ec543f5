#pragma once
#include "adapters/postgres/pool.h"

namespace cho40::stores {

// The writer's sign of life (table ledger_pulse), by the database's clock. It decides nothing: whoever believes that the writer
// is gone takes the lease, and the lease decides.
struct Pulse {
    std::int64_t epoch = 0;
    std::string address;        // where the writer takes commands from other instances
    std::chrono::milliseconds age{};
    bool resting = false;       // it stopped in good order: nobody needs to wait
};

class PulseStore {
public:
    PulseStore(postgres::Pool& pool, std::string writer_group) : pool_(pool), group_(std::move(writer_group)) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Pulse>>> read();
    // False: another epoch is known already, and this instance no longer writes.
    [[nodiscard]] boost::asio::awaitable<Result<bool>> beat(std::int64_t epoch, std::string address);
    [[nodiscard]] boost::asio::awaitable<Result<Done>> rest(std::int64_t epoch);

private:
    postgres::Pool& pool_;
    std::string group_;
};

}  // namespace cho40::stores
