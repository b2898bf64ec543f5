#pragma once
#include "adapters/observability/metrics.h"
#include "adapters/stores/heartbeat_store.h"
#include <unordered_map>

namespace cho40::api {

// When each rail account was last heard, in memory: a notification must not pay for it with a statement of its own. Noted down
// for the other instances, and taken over from them, by exchange(); the greatest counts.
class RailHeartbeats {
public:
    RailHeartbeats(stores::HeartbeatStore& store, observability::Metrics& metrics) : store_(store), metrics_(metrics) {}

    // An authentic message that is durable or moves no money: a transfer, a repeat, a probe, a call for a token.
    void heard(ledger::BookId book, Id<qr_pay::RailAccountTag> account, std::string_view rail, Instant at);
    // Its list was read to the end; all that the provider knew at this moment is ours.
    void listed(ledger::BookId book, Id<qr_pay::RailAccountTag> account, std::string_view rail, Instant at);

    [[nodiscard]] std::optional<Instant> heard_at(Id<qr_pay::RailAccountTag> account) const;
    // Until when the money of this rail account is known: its list was read, or, where it only tells, it was last heard. A rail
    // that is silent at night is not broken; nobody knows more than this moment. Nothing: never.
    [[nodiscard]] std::optional<Instant> known_as_of(Id<qr_pay::RailAccountTag> account) const;
    // Of a stall or an agency: of the rail accounts that tell of its money, the one that is known longest. Nothing where none
    // has told of any.
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<Instant>>> known_as_of(ledger::BookId book, Id<qr_pay::Owner> owner);

    // Before the first request: also what an instance heard and did not come to note.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> load();
    // Every few seconds.
    [[nodiscard]] boost::asio::awaitable<Result<Done>> exchange();

private:
    struct Known {
        stores::Heartbeat heartbeat;
        bool is_noted = true;
    };

    Known& known(ledger::BookId book, Id<qr_pay::RailAccountTag> account, std::string_view rail);
    void take_over(std::vector<stores::Heartbeat> const& heartbeats, bool are_noted);

    stores::HeartbeatStore& store_;
    observability::Metrics& metrics_;
    std::unordered_map<Id<qr_pay::RailAccountTag>, Known> known_;
};

}  // namespace cho40::api
