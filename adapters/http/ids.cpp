#include "adapters/http/ids.h"

namespace cho40::http {

std::string id_text(std::string_view prefix, Uuid const& uuid)
{
    std::string text(prefix);
    text += '_';
    text += uuid.to_base32();
    return text;
}

Result<Uuid> parse_id_text(std::string_view prefix, std::string_view text)
{
    if (text.size() > prefix.size() && text.starts_with(prefix) && text[prefix.size()] == '_') {
        if (auto const uuid = Uuid::from_base32(text.substr(prefix.size() + 1))) return *uuid;
    }
    return fail(Errc::not_found, "there is no such thing here");
}

}  // namespace cho40::http
