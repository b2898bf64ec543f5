#pragma once
#include "base/result.h"
#include "base/uuid.h"
#include <string>
#include <string_view>

namespace cho40::http {

// The prefix of a type's ids at the edge. Specialised beside the API that speaks of the type:
//   template <> struct IdPrefix<qr_pay::Payment> { static constexpr std::string_view value = "pay"; };
// All prefixes are listed in api-conventions §3.
template <class Of>
struct IdPrefix;

[[nodiscard]] std::string id_text(std::string_view prefix, Uuid const& uuid);
// Error not_found for anything that id_text(prefix, …) does not write: a wrong prefix is an id that does not exist.
[[nodiscard]] Result<Uuid> parse_id_text(std::string_view prefix, std::string_view text);

// "pay_01jd2w6x3k9q7m5v8t4r2n0abc"
template <class Of>
[[nodiscard]] std::string to_text(Id<Of> const& id)
{
    return id_text(IdPrefix<Of>::value, id.uuid);
}

template <class Of>
[[nodiscard]] Result<Id<Of>> parse_id(std::string_view text)
{
    auto uuid = parse_id_text(IdPrefix<Of>::value, text);
    if (!uuid) return tl::unexpected<Error>(std::move(uuid).error());
    return Id<Of>(*uuid);
}

}  // namespace cho40::http
