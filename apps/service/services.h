#pragma once
#include "adapters/api/event_hub.h"
#include "adapters/api/proof_file.h"
#include "adapters/http/client.h"
#include "adapters/http/cursor.h"
#include "adapters/http/router.h"
#include "adapters/identity/gate.h"
#include "adapters/identity/idempotency.h"
#include "adapters/identity/secrets.h"
#include "adapters/observability/job_group.h"
#include "adapters/postgres/pool.h"
#include "adapters/stores/event_store.h"
#include "adapters/stores/merchants_store.h"
#include "adapters/stores/payments_store.h"
#include "apps/config/config.h"
#include "ledger/ports.h"
#include "ledger/signed_head.h"
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

namespace cho40::service {

// What every part of the service is built from. Made by App; outlives the parts.
struct Services {
    config::Config const& config;
    boost::asio::any_io_executor executor;
    boost::asio::thread_pool& computing;  // Argon2, PDF, XML signatures, large parses
    Clock const& clock;
    Random& random;
    observability::Log const& log;
    observability::Metrics& metrics;
    postgres::Pool& database;
    ledger::Ledger& ledger;
    api::EventHub& hub;
    stores::EventStore& events;
    stores::MerchantsStore& merchants;
    stores::PaymentsStore& payments;
    identity::InstallationKey const& installation_key;
    ledger::HeadSigner const& signer;      // what the installation vouches for
    identity::AuditTrail& audit;
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    http::Cursors const& cursors;
    http::Client& outside;                // calls to other systems
    api::ProofDesk const& proofs;
};

// A part of the service: one area of the domain with its stores, use cases, routes and jobs.
class Part {
public:
    virtual ~Part() = default;
    virtual void add_routes(http::Router& router) = 0;
    // Reads what it keeps in memory. Called once, after the migrations and before the first request.
    [[nodiscard]] virtual boost::asio::awaitable<Result<Done>> prepare() = 0;
    // Work that runs beside requests until it is cancelled.
    virtual void start_jobs(observability::JobGroup& jobs) = 0;
};

}  // namespace cho40::service
