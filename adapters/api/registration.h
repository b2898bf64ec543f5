#pragma once
#include "adapters/api/context.h"
#include "adapters/api/rail_directory.h"

namespace cho40::api {

// Finds the book and id of a place named in a rail account: a market here, an agency on the fee side.
using FindPlace = std::function<boost::asio::awaitable<Result<ledger::BookId>>(std::string place)>;

// markets.create, households.create, stalls.create, rail_accounts.create.
void add_registration_routes(http::Router& router, Context& context, RailDirectory& directory, FindPlace find_agency_book);

}  // namespace cho40::api
