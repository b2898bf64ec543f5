#pragma once
#include "adapters/rails/rail.h"
#include <string>

namespace cho40::api {

[[nodiscard]] std::string rail_path(rails::Rail const& rail, rails::Door const& door);       // "/rails/payos/{account}"
[[nodiscard]] std::string rail_operation(rails::Rail const& rail, rails::Door const& door);  // "rails.payos"

// The API's description with what the rails declare: one operation for each door of each, made from the two patterns under
// components/x-rail-operations, their names and the forms of their secrets. Pre: the document is ours.
[[nodiscard]] std::string with_rail_operations(std::string_view document);

}  // namespace cho40::api
