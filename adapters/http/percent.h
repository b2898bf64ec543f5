#pragma once
#include "adapters/http/message.h"
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::http {

// Decodes %XX. Nothing for a broken escape and for %00, which no text of ours contains.
[[nodiscard]] std::optional<std::string> percent_decode(std::string_view text);

// Everything but A-Z a-z 0-9 - . _ ~ becomes %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);

// name=value&…, with + for a space, as browsers write forms and queries. Nothing for a broken escape.
[[nodiscard]] std::optional<std::vector<Parameter>> parse_parameters(std::string_view text);

struct TargetParts {
    std::string path;  // still encoded, begins with '/'
    std::string query;  // without '?', still encoded
};
// The origin-form or absolute-form of a request target (RFC 9112 §3.2), checked by RFC 3986.
[[nodiscard]] std::optional<TargetParts> split_target(std::string_view target);

}  // namespace cho40::http
