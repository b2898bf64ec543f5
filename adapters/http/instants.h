#pragma once
#include "base/time.h"

namespace cho40::http {

// An instant out of a request, which will be given back as it was told: RFC 3339 with any offset, and nothing in it that is
// finer than the microseconds we keep. Error: invalid_date.
[[nodiscard]] Result<Instant> parse_exact_instant(std::string_view text);

}  // namespace cho40::http
