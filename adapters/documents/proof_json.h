#pragma once
#include "ledger/proof.h"
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace cho40::documents {

// A proof as a file that is checked without us; docs/proofs.md describes it. `public_key`: the 32 bytes of the key that
// signed, or nothing when it is not known here.
[[nodiscard]] nlohmann::ordered_json proof_json(ledger::Proof const& proof, std::optional<std::string> const& public_key);

struct ProofFile {
    ledger::Proof proof;
    std::optional<std::string> public_key;
};

// Strict: a member more, less or written in another way is refused, so that nothing stands in a proof that is not proved.
// Errors: invalid_json, invalid_format (with a pointer).
[[nodiscard]] Result<ProofFile> read_proof(std::string_view text);

}  // namespace cho40::documents
