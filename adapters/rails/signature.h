#pragma once
#include "base/result.h"
#include "base/time.h"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cho40::rails {

// Whether a signature as the provider wrote it is the expected one (lower-case hex), in constant time. Hex in either case
// is the same bytes.
[[nodiscard]] bool fits(std::string_view expected, std::string_view given);

// "Bearer abc" -> "abc" for the scheme "bearer" in any case; "" when the scheme is another.
[[nodiscard]] std::string_view credentials(std::string_view header, std::string_view scheme);

// Decimal digits and nothing else. Nothing when there are none, other characters, or too many for 64 bits.
[[nodiscard]] std::optional<std::int64_t> digits(std::string_view text);

// A moment between 2001 and 2286 in milliseconds since 1970: a time in seconds is refused, not read as January 1970.
// Error: invalid_date.
[[nodiscard]] Result<Instant> from_milliseconds(std::int64_t count, std::string pointer);
[[nodiscard]] std::int64_t to_milliseconds(Instant instant);

// Printable ASCII without spaces, at least eight characters: what a key pasted from a provider's page looks like.
[[nodiscard]] bool is_key(std::string_view text);

}  // namespace cho40::rails
