#include "adapters/http/openapi_check.h"
#include "adapters/http/json_reader.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::http {

Result<Done> check_openapi(Router const& router, std::string_view document)
{
    auto const parsed = parse_json(document);
    if (!parsed) return fail(Errc::invalid_config, "openapi.json: " + parsed.error().detail);
    auto const paths = parsed->is_object() ? parsed->find("paths") : parsed->end();
    if (!parsed->is_object() || !parsed->value("openapi", "").starts_with("3.1") || paths == parsed->end() || !paths->is_object()) {
        return fail(Errc::invalid_config, "openapi.json: not an OpenAPI 3.1 document with paths");
    }

    // "GET /v1/payments/{payment}" -> operationId
    std::map<std::string, std::string> documented;
    std::string differences;
    auto const differs = [&](std::string words) { differences += (differences.empty() ? "" : "\n") + std::move(words); };
    for (auto const& [path, item] : paths->items()) {
        for (auto const& [name, operation] : item.items()) {
            std::string upper = name;
            std::ranges::transform(upper, upper.begin(), [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
            if (method_from(upper) == Method::other) continue;  // parameters, summary, x-…
            auto const place = upper + " " + path;
            auto const id = operation.is_object() ? operation.find("operationId") : operation.end();
            if (!operation.is_object() || id == operation.end() || !id->is_string()) {
                differs(place + " has no operationId");
            } else {
                documented[place] = id->get<std::string>();
            }
        }
    }
    for (auto const* route : router.routes()) {
        if (!route->options.documented) continue;
        auto const place = std::string(method_name(route->method)) + " " + route->pattern;
        auto const found = documented.find(place);
        if (found == documented.end()) {
            differs(place + " (" + route->operation_id + ") is served but not documented");
            continue;
        }
        if (found->second != route->operation_id) {
            differs(place + " is served as " + route->operation_id + " but documented as " + found->second);
        }
        documented.erase(found);
    }
    for (auto const& [place, id] : documented) differs(place + " (" + id + ") is documented but not served");
    if (!differences.empty()) return fail(Errc::invalid_config, std::move(differences));
    return Done{};
}

}  // namespace cho40::http
