#pragma once
#include "adapters/postgres/pool.h"
#include "qr-pay/records.h"
#include <optional>
#include <vector>

namespace cho40::stores {

// What is known of a rail account's connection. Two tell of one account: the greatest counts.
struct Heartbeat {
    ledger::BookId book;
    Id<qr_pay::RailAccountTag> rail_account;
    std::string rail;
    std::optional<Instant> heard_at;   // the provider's last authentic message came
    std::optional<Instant> listed_at;  // the last reading of its list that came to the end was begun
};

// Table rail_heartbeat.
class HeartbeatStore {
public:
    explicit HeartbeatStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Heartbeat>>> all();
    // What stands in the inbox and was not noted before the instance that took it ended.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Heartbeat>>> not_noted();
    // Never takes a later moment back.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> note(std::vector<Heartbeat> heartbeats);

    // Over which rail accounts the newest money of this stall or agency came.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<Id<qr_pay::RailAccountTag>>>> telling_of(ledger::BookId book,
                                                                                                     Id<qr_pay::Owner> owner);

private:
    postgres::Pool& pool_;
};

}  // namespace cho40::stores
