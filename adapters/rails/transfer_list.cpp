#include "adapters/rails/transfer_list.h"
#include "adapters/strict_json/strict_json.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::rails {

Result<nlohmann::json> parse_list(std::string_view bytes)
{
    if (bytes.size() > list_bytes_max) return fail(Errc::body_too_large, "a list has at most 8 MiB");
    if (!is_valid_utf8(bytes)) return fail(Errc::invalid_utf8, "the list is not UTF-8");
    CHO_TRY(auto body, strict_json::parse(bytes));
    if (!body.is_object()) return fail(Errc::invalid_json, "the list must be one object");
    return body;
}

}  // namespace cho40::rails
