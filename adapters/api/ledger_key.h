#pragma once
#include "adapters/http/router.h"
#include "adapters/identity/ledger_key.h"

namespace cho40::api {

// GET /.well-known/cho40-ledger-key: the public key that signed heads and proofs are checked with, for everybody.
void add_ledger_key_route(http::Router& router, identity::LedgerPublicKey const& key);

}  // namespace cho40::api
