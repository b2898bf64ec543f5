#pragma once
#include "apps/sandbox/bank.h"
#include <chrono>
#include <optional>
#include <string>

// What a provider says, and how stubborn it is. Pure functions.
namespace cho40::sandbox {

// The provider's own number of a transfer, as the reader of its notifications understands it and as its daily file
// prints it. Two rail accounts give one transfer two numbers.
[[nodiscard]] std::string provider_transaction(RailAccount const& account, Transfer const& transfer);

// The body that tells of the transfer, signed where the rail signs. Nothing where the rail cannot tell it: payOS knows no
// money going out.
[[nodiscard]] std::optional<std::string> notification_body(RailAccount const& account, Transfer const& transfer);

// How long a provider waits before it tries again after try number `tries` (from 1) was answered with `status` (0: no
// answer). Nothing: it gives up. vietqr.vn: ten tries, five in the first minute, 400 is final. payOS does not publish its
// rule; five tries are taken.
[[nodiscard]] std::optional<std::chrono::seconds> pause_before_retry(std::string_view rail, int tries, int status);

}  // namespace cho40::sandbox
