#pragma once
#include "base/result.h"
#include <map>
#include <string>
#include <string_view>

namespace cho40::rails {

inline constexpr std::size_t query_bytes_max = 4096;

// A query as a form is written: name -> value, decoded, sorted by the bytes of the names. Errors: uri_too_long,
// malformed_request (a broken escape, or a name twice: two readers could take a different one), invalid_utf8.
[[nodiscard]] Result<std::map<std::string, std::string>> parse_query(std::string_view query);

// As java.net.URLEncoder and PHP's urlencode write it: letters, digits, "-", "_" and "." stay, a space becomes "+", every
// other byte %XX in upper case.
[[nodiscard]] std::string form_encode(std::string_view text);

}  // namespace cho40::rails
