#pragma once
#include "adapters/api/ledger_reads.h"
#include "adapters/api/posting.h"
#include "ledger/between_books.h"

namespace cho40::api {

// What the routes for amounts between books work with. Made once by the service; outlives the server.
struct BetweenContext {
    PostingContext& posting;
    LedgerReadsContext& reads;
    ledger::Carrier& carrier;
    ledger::MovementStore& store;
    boost::asio::any_io_executor executor;
    // Work that goes on when its request has been answered. False: the service is stopping.
    std::function<bool(boost::asio::awaitable<void>)> beside;
    std::size_t carried = 0;  // by requests of this instance, at this moment
};

// ledger_between.create, ledger_between.read.
void add_ledger_between_routes(http::Router& router, BetweenContext& context);

}  // namespace cho40::api
