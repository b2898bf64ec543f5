#pragma once
#include "ledger/extra.h"
#include "ledger/ports.h"
#include "qr-pay/records.h"

namespace cho40::qr_pay {

// What people and time may do to a request that money did not decide. Errors: invalid_state (a finished state is never
// left), stale (it changed meanwhile: read again).
class ChangePayment {
public:
    ChangePayment(ledger::Ledger& ledger, Clock const& clock, Random& random) : ledger_(ledger), clock_(clock), random_(random) {}

    [[nodiscard]] boost::asio::awaitable<Result<StoredRequest>> cancel_request(StoredRequest stored, ledger::Extra<StoredRequest> extra);
    // "Bớt luôn": the stall lets the missing rest go.
    [[nodiscard]] boost::asio::awaitable<Result<StoredRequest>> waive(StoredRequest stored, ledger::Extra<StoredRequest> extra);
    [[nodiscard]] boost::asio::awaitable<Result<StoredRequest>> expire_request(StoredRequest stored);
    // More time for a request that waits.
    [[nodiscard]] boost::asio::awaitable<Result<StoredRequest>> extend_request(StoredRequest stored, Instant until);

private:
    boost::asio::awaitable<Result<StoredRequest>> write(StoredRequest before, PaymentRequest after, std::string event, std::string reason,
                                                        ledger::Extra<StoredRequest> extra);

    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::qr_pay
