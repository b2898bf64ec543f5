#pragma once
#include "adapters/http/router.h"
#include <string_view>

namespace cho40::http {

// Compares the documented routes with an OpenAPI document, both ways: every route has the operation of its method and
// path with the same operationId, and every operation has a route. Parameter names in paths must be equal too.
// Error invalid_config with one line per difference in `detail`: the service does not start on it.
[[nodiscard]] Result<Done> check_openapi(Router const& router, std::string_view document);

}  // namespace cho40::http
