#pragma once
#include "adapters/api/handler.h"
#include "adapters/http/cursor.h"
#include "adapters/http/ids.h"
#include "adapters/identity/gate.h"
#include "adapters/identity/idempotency.h"
#include "adapters/stores/fees_store.h"
#include "adapters/stores/remittance_store.h"
#include "fees/remittance_deadlines.h"
#include "fees/tables_in_force.h"
#include "fees/treasuries.h"
#include <boost/asio/thread_pool.hpp>

namespace cho40::http {

template <>
struct IdPrefix<fees::Remittance> {
    static constexpr std::string_view value = "rmt";
};

}  // namespace cho40::http

namespace cho40::api {

// What the routes about payments into the budget work with. Made once by the service; outlives the server.
struct RemittanceContext {
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    http::Cursors const& cursors;
    boost::asio::thread_pool& computing;
    Clock const& clock;
    stores::FeesStore& agencies;
    stores::RemittanceStore& store;
    fees::Remit& remit;
    fees::TablesInForce const& tables;
    fees::RemittanceDeadlines const& deadlines;
    fees::Treasuries const& treasuries;
};

// remittances.preview, create, list, read, approve, reject, return, confirm, payment_file, sheet, paper; remittance_statements.create.
void add_remittance_routes(http::Router& router, RemittanceContext& context);

}  // namespace cho40::api
