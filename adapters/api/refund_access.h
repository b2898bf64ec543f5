#pragma once
#include "adapters/api/context.h"
#include "adapters/api/rail_directory.h"

namespace cho40::api {

// What the access to a provider's refund call is sealed for.
inline constexpr std::string_view refund_access_seal = "rail_refund";

// rail_accounts.refund_access: the operator enters what the provider gave out.
void add_refund_access_route(http::Router& router, Context& context, RailDirectory& directory, identity::InstallationKey const& key,
                             ledger::Ledger& ledger);

}  // namespace cho40::api
