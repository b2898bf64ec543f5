#pragma once
#include "adapters/http/cursor.h"
#include "base/uuid.h"
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>
#include <vector>

// What the lists of this API have in common (api-conventions §9).
namespace cho40::api {

// "paid,overpaid" of a filter as its names; a name may be empty. They point into `list`.
[[nodiscard]] std::vector<std::string_view> names_in(std::string_view list);

// Of a list in the order of ids: the one behind which the page begins, if it is not the first page.
// Errors: those of Cursors::read(), invalid_cursor.
[[nodiscard]] Result<std::optional<Uuid>> id_before(http::Request const& request, http::Cursors const& cursors);

// Stores are asked for limit + 1 rows: the last one is not shown, it says that there is a next page.
template <class Row>
[[nodiscard]] bool cut_to(std::vector<Row>& rows, int limit)
{
    if (rows.size() <= static_cast<std::size_t>(limit)) return false;
    rows.erase(rows.begin() + limit, rows.end());
    return true;
}

struct WhyEmpty {
    std::string_view code, vi, en;
};

// The page with its Link header. `why_empty` is said, in the reader's language, when `data` is empty.
[[nodiscard]] http::Response list_response(http::Request const& request, nlohmann::json data, std::optional<std::string> const& next,
                                           Instant as_of, std::optional<WhyEmpty> why_empty);

}  // namespace cho40::api
