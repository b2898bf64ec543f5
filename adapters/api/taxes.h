#pragma once
#include "adapters/api/handler.h"
#include "adapters/api/proof_file.h"
#include "adapters/http/cursor.h"
#include "adapters/identity/gate.h"
#include "adapters/identity/idempotency.h"
#include "adapters/stores/audit_store.h"
#include "adapters/stores/merchants_store.h"
#include "adapters/stores/tax_store.h"
#include "etax/file_return.h"

namespace cho40::api {

// What the tax side's routes work with. Made once by the service; outlives the server.
struct TaxContext {
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    identity::AuditTrail& audit;
    http::Cursors const& cursors;
    Clock const& clock;
    stores::MerchantsStore& merchants;
    stores::TaxStore& taxes;
    stores::AuditStore& audits;
    etax::FilingTools const& tools;
    etax::DraftReturn& draft_return;
    etax::SubmitReturn& submit_return;
    ProofDesk const& proofs;
};

// tax_returns.create, list, read, submit, document, proof.
void add_tax_return_routes(http::Router& router, TaxContext& context);
// tax_households.list, read, turnover.
void add_tax_household_routes(http::Router& router, TaxContext& context);

// The household with this id, if the principal may see its taxes: whoever reaches the whole province, or one of its
// stalls. Error: not_found.
[[nodiscard]] boost::asio::awaitable<Result<merchants::Household>> own_household(TaxContext& context, identity::Principal principal,
                                                                                 Id<merchants::Household> id);
// Notes that somebody other than the household itself looked. Durable before the answer.
[[nodiscard]] boost::asio::awaitable<Result<Done>> note_look(TaxContext& context, identity::Principal principal, std::string request_id,
                                                             merchants::Household household);

}  // namespace cho40::api
