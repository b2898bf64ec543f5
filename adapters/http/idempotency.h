#pragma once
#include "adapters/http/message.h"
#include "base/digest.h"
#include <string>

namespace cho40::http {

// The Idempotency-Key: 16–64 of A–Z a–z 0–9 _ -, bare or as a quoted structured string (api-conventions §7.2).
// Errors: missing_idempotency_key; invalid_input with pointer #header/Idempotency-Key (malformed, or sent twice).
[[nodiscard]] Result<std::string> idempotency_key(Request const& request);

// SHA-256 of method, path, sorted query and the raw body bytes; each part preceded by its length (§7.4).
[[nodiscard]] Sha256 request_fingerprint(Request const& request);

}  // namespace cho40::http
