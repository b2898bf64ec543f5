#pragma once
#include "adapters/http/ids.h"
#include "adapters/identity/gate.h"
#include "merchants/records.h"

namespace cho40::api {

// Whose money comes over a rail account: a market's or an agency's.
struct RailOwner {
    explicit RailOwner(merchants::RailAccount const& account)
        : place(account.market.is_nil() ? identity::Place::agency(account.agency) : identity::Place::market_of(account.market)),
          id(account.market.is_nil() ? http::id_text("agc", account.agency) : http::id_text("mkt", account.market))
    {
    }
    identity::Place place;
    std::string id;
};

}  // namespace cho40::api
