#pragma once
#include "adapters/identity/ledger_key.h"
#include <nlohmann/json_fwd.hpp>

namespace cho40::identity {

// {"algorithm": "Ed25519", "key_id": "8d1f…", "public_key": "<64 hex digits>", "pem": "-----BEGIN PUBLIC KEY-----…"}
[[nodiscard]] nlohmann::json key_json(LedgerPublicKey const& key);

// What people were given: that JSON, or the PEM text alone. Error: invalid_format.
[[nodiscard]] Result<LedgerPublicKey> read_public_key(std::string_view text);

}  // namespace cho40::identity
