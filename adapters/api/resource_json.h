#pragma once
#include "base/time.h"
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace cho40::api {

// Adds what every resource says of itself besides its id (api-conventions §2): object, mode, version and times.
void stamp(nlohmann::json& view, std::string_view object, std::int64_t version, Instant created, Instant updated);

}  // namespace cho40::api
