#pragma once
#include "adapters/http/message.h"
#include "adapters/identity/ledger_key.h"
#include "ledger/proof.h"

namespace cho40::api {

// What proofs are handed out with: where they are read, and the key that this installation signs heads with.
struct ProofDesk {
    ledger::ProofReader& reader;
    identity::LedgerPublicKey const& key;
};

// A proof as a file to keep (docs/proofs.md), named `name`.json. A head signed with a key of before brings no key along.
[[nodiscard]] http::Response proof_file(ledger::Proof const& proof, identity::LedgerPublicKey const& key, std::string_view name);

}  // namespace cho40::api
