#pragma once
#include "merchants/stall.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::merchants {

// Reading, in this module's words. PostgreSQL stands behind it.
struct Stalls {
    virtual ~Stalls() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<StallWithAccount>>> find(Id<Stall> stall) = 0;
};

struct Payments {
    virtual ~Payments() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> find(Id<qr_pay::PaymentRequest> id) = 0;
    // Open requests whose time is over, oldest first, at most `limit`.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<qr_pay::StoredRequest>>> due_to_expire(Instant now, int limit) = 0;
};

}  // namespace cho40::merchants
