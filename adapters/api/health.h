#pragma once
#include "adapters/http/router.h"
#include "adapters/observability/metrics.h"
#include <functional>
#include <string>
#include <vector>

namespace cho40::api {

// One question behind /readyz.
struct ReadyCheck {
    std::string name;
    std::function<boost::asio::awaitable<Result<Done>>()> ask;
};

// health.alive, health.ready, health.metrics, health.openapi. `document` is served as it is.
void add_health_routes(http::Router& router, observability::Metrics& metrics, std::vector<ReadyCheck> checks, std::string_view document);

// The OpenAPI document of this build: openapi.json with the operations of its rails.
[[nodiscard]] std::string_view openapi_document();

}  // namespace cho40::api
