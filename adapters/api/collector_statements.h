#pragma once
#include "adapters/api/handler.h"
#include "adapters/identity/gate.h"
#include "adapters/stores/fees_store.h"
#include "fees/collector_statement.h"
#include "fees/tables_in_force.h"
#include <boost/asio/thread_pool.hpp>

namespace cho40::api {

// What the statement of a collector is made of. Made once by the service; outlives the server.
struct CollectorContext {
    identity::Gate& gate;
    Clock const& clock;
    boost::asio::thread_pool& computing;
    stores::FeesStore& store;
    fees::TablesInForce const& tables;
    fees::Agencies const& known_agencies;
};

void add_collector_statement_routes(http::Router& router, CollectorContext& context);

}  // namespace cho40::api
