#pragma once
#include "adapters/api/context.h"
#include "adapters/stores/recon_break_store.h"
#include "adapters/stores/recon_closing_store.h"
#include "adapters/stores/recon_store.h"
#include "ledger/signed_head.h"
#include <boost/asio/thread_pool.hpp>

namespace cho40::api {

// What the routes of reconciliation work with. Made once by the service; outlives the server.
struct ReconContext {
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    identity::AuditTrail& audit;
    http::Cursors const& cursors;
    ledger::Ledger& ledger;
    boost::asio::thread_pool& computing;  // files are read and days compared there, never on the loop
    Clock const& clock;
    Random& random;
    observability::Log const& log;
    observability::Metrics& metrics;
    stores::ReconStore& recon;
    stores::ReconBreakStore& breaks;
    Dong approval_limit;                    // of whoever has none of their own
    reconcile::WriteOffLimit write_off_limit;
    stores::ReconClosingStore& closings;
    ledger::HeadSigner const& signer;       // the installation's key, which signs closed days too
};

// The partner, if the principal may act for whom its book belongs to. Error: not_found.
[[nodiscard]] boost::asio::awaitable<Result<stores::ReconPartner>> own_partner(ReconContext& context, identity::Principal principal,
                                                                               Id<qr_pay::RailAccountTag> id);
// Whether the principal may act for the partner's book.
[[nodiscard]] bool may_see(identity::Principal const& principal, stores::ReconPartner const& partner);
// Ids of the partners the principal may see; only the one named ("rla_…"), if one is. Error: not_found.
[[nodiscard]] boost::asio::awaitable<Result<std::vector<Uuid>>> visible_partners(ReconContext& context, identity::Principal principal,
                                                                                 std::optional<std::string> named);
// What is agreed with the partner: the platform's own terms, and the name it has on statements.
[[nodiscard]] Result<reconcile::Settings> settings_of(stores::ReconPartner const& partner, Day day);

// Whether a run of `day` looks at a file in force, by its date; and all files of those dates, in force or not.
[[nodiscard]] bool looks_at(stores::ReconFile const& file, Day day, reconcile::Settings const& settings);
[[nodiscard]] boost::asio::awaitable<Result<std::vector<stores::ReconFile>>> files_around(ReconContext& context,
                                                                                          stores::ReconPartner partner, Day day,
                                                                                          reconcile::Settings settings);

[[nodiscard]] Answering import_recon_file(ReconContext& context, http::Request request);
[[nodiscard]] Answering start_recon_run(ReconContext& context, http::Request request);
[[nodiscard]] Answering read_recon_day(ReconContext& context, http::Request request);

void add_recon_routes(http::Router& router, ReconContext& context);

}  // namespace cho40::api
