#include "adapters/api/lists.h"
#include "adapters/http/json_writer.h"
#include <nlohmann/json.hpp>

namespace cho40::api {

std::vector<std::string_view> names_in(std::string_view list)
{
    std::vector<std::string_view> names;
    for (std::size_t at = 0; at <= list.size();) {
        auto const comma = std::min(list.find(',', at), list.size());
        names.push_back(list.substr(at, comma - at));
        at = comma + 1;
    }
    return names;
}

Result<std::optional<Uuid>> id_before(http::Request const& request, http::Cursors const& cursors)
{
    CHO_TRY(auto const position, cursors.read(request));
    if (position.empty()) return std::nullopt;
    auto const id = Uuid::from_string(position.front());
    if (!id) return fail(Errc::invalid_cursor, "this cursor was not made here", "#query/cursor");
    return *id;
}

http::Response list_response(http::Request const& request, nlohmann::json data, std::optional<std::string> const& next, Instant as_of,
                             std::optional<WhyEmpty> why_empty)
{
    nlohmann::json out = {{"page", http::page_json(next)}, {"as_of", http::instant_json(as_of)}};
    if (data.empty() && why_empty) {
        out["why_empty"] = {{"code", why_empty->code}, {"text", request.language == http::Language::vi ? why_empty->vi : why_empty->en}};
    }
    out["data"] = std::move(data);
    auto response = http::Response::json(out);
    if (next) http::add_next_link(response, request, *next);
    return response;
}

}  // namespace cho40::api
