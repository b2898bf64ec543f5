#include "adapters/api/resource_json.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {

void stamp(nlohmann::json& view, std::string_view object, std::int64_t version, Instant created, Instant updated)
{
    view["object"] = object;
    view["mode"] = "live";
    view["version"] = version;
    view["created_at"] = http::instant_json(created);
    view["updated_at"] = http::instant_json(updated);
}

}  // namespace cho40::api
