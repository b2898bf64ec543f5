#pragma once
#include "adapters/api/context.h"
#include "adapters/api/rail_directory.h"

namespace cho40::api {

// Finds the book of a place named in a rail account: an agency on the fee side.
using FindPlace = std::function<boost::asio::awaitable<Result<ledger::BookId>>(std::string place)>;

// rail_accounts.list, rail_accounts.create, rail_accounts.renew_secret, rail_accounts.end_previous_secret,
// rail_accounts.list_access.
void add_rail_account_routes(http::Router& router, Context& context, RailDirectory& directory, FindPlace find_agency_book);

}  // namespace cho40::api
