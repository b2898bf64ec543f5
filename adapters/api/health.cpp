#include "adapters/api/health.h"
#include "adapters/api/handler.h"
#include "adapters/api/rail_document.h"
#include "adapters/http/json_writer.h"
#include "base/digest.h"
#include "embedded/api.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;

Answering alive(Request)
{
    static std::string const body = R"({"status":"ok"})";
    co_return Response::json_text(body);
}

Answering ready(std::vector<ReadyCheck> const& checks)
{
    bool all_well = true;
    auto results = nlohmann::json::array();
    for (auto const& check : checks) {
        auto answer = co_await check.ask();
        all_well = all_well && answer;
        nlohmann::json row = {{"name", check.name}, {"ok", answer.has_value()}};
        if (!answer) row["detail"] = errc_name(answer.error().code);
        results.push_back(std::move(row));
    }
    nlohmann::json body = {{"status", all_well ? "ok" : "not_ready"}, {"checks", std::move(results)}};
    co_return Response::json(body, all_well ? 200 : 503);
}

}  // namespace

void add_health_routes(http::Router& router, observability::Metrics& metrics, std::vector<ReadyCheck> checks, std::string_view document)
{
    using enum http::Method;
    http::RouteOptions const quiet{.quiet = true};
    router.add(get, "/healthz", "health.alive", alive, quiet);
    auto questions = std::make_shared<std::vector<ReadyCheck> const>(std::move(checks));
    router.add(get, "/readyz", "health.ready", [questions](Request) { return ready(*questions); }, quiet);
    router.add(
        get, "/metrics", "health.metrics",
        [&metrics](Request) -> Answering { co_return Response::bytes(metrics.text(), "text/plain; version=0.0.4; charset=utf-8"); }, quiet);
    auto const tag = "\"" + to_hex(sha256(document)).substr(0, 32) + "\"";
    router.add(
        get, "/openapi.json", "health.openapi",
        [document, tag](Request request) -> Answering {
            if (http::none_match_hits(request, tag)) co_return Response(304).header("ETag", tag);
            co_return Response::json_text(std::string(document)).header("ETag", tag).cache("public, max-age=60");
        },
        quiet);
}

std::string_view openapi_document()
{
    static std::string const document = with_rail_operations(embedded::openapi_json);
    return document;
}

}  // namespace cho40::api
