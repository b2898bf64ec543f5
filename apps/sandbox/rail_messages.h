#pragma once
#include "adapters/rails/rail.h"
#include "apps/sandbox/bank.h"
#include <optional>
#include <string>

// What a provider says. Pure functions.
namespace cho40::sandbox {

// The provider's own number of a transfer, as the reader of its notifications understands it and as its daily file and its
// list print it. Two rail accounts give one transfer two numbers; numbers of one rail account rise as transfers are booked.
[[nodiscard]] std::string provider_transaction(RailAccount const& account, Transfer const& transfer);

// Whether the rail's notifications can name this receiving account: ZaloPay's merchant accounts are whole numbers.
[[nodiscard]] bool can_name(std::string_view rail, std::string_view account_number);

// The notification that tells of the transfer, signed where the rail signs. `signed_at` stands in it where the rail signs
// a time. Nothing where the rail cannot tell it: payOS and the merchant contracts know no money going out.
[[nodiscard]] std::optional<rails::RawNotification> notification_of(RailAccount const& account, Transfer const& transfer,
                                                                    Instant signed_at);

// What the provider sends to try an address that is being registered. Nothing where it tries none, or only asks for a token.
[[nodiscard]] std::optional<rails::RawNotification> probe_of(RailAccount const& account, Instant signed_at);

}  // namespace cho40::sandbox
