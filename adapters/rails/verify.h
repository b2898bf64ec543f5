#pragma once
#include "adapters/rails/rail.h"
#include <chrono>
#include <span>

namespace cho40::rails {

struct Verified {
    RailMessage message;
    std::size_t secret = 0;  // which of the secrets it was
};

// A notification against every secret that counts at the moment: the current one first, then the one it replaces. All are
// tried, whichever fits, so that the time it takes does not tell which one did. Errors: those of Rail::read, of the secret
// that proved who sent it, otherwise of the first. Pre: there is a secret.
[[nodiscard]] Result<Verified> verify(Rail const& rail, RawNotification const& raw, std::span<RailSecret const> secrets);

// The same at a door that gives out tokens; which token it is stays bound to the secret it was asked for with.
struct GivenToken {
    Reply reply;
    std::size_t secret = 0;
};
[[nodiscard]] Result<GivenToken> give_token(Rail const& rail, RawNotification const& raw, std::span<RailSecret const> secrets);

// How far the time in a signature may lie from the time of arrival, before or after.
inline constexpr std::chrono::seconds clock_window{300};

// Refuses what was signed too long before it came, or after. A provider that tries again signs anew with a new time, so
// nothing is lost by refusing a copy that somebody kept. Only times of signing are judged: the time of a payment (VNPAY's
// vnp_PayDate, MoMo's responseTime, ZaloPay's server_time) stays the same in every repeat, and a repeat that comes after an
// outage of ours must be heard; there a copy is caught by its provider_id.
// Error: bad_signature, at the place of the time.
[[nodiscard]] Result<Done> check_clock(RailMessage const& message, Instant received_at);

}  // namespace cho40::rails
