#pragma once
#include "adapters/http/message.h"
#include <string>
#include <string_view>
#include <vector>

namespace cho40::http {

// vi or en: ?lang= before cookie `lang` before Accept-Language before vi. Pre: query and cookies are parsed.
[[nodiscard]] Language language_of(Request const& request);

// X-Request-Id as we take it from others: 8–64 of A–Z a–z 0–9 _ -.
[[nodiscard]] bool is_request_id(std::string_view text);

// W3C Trace Context, version 00: "00-<32 hex>-<16 hex>-<2 hex>", no id all zero.
[[nodiscard]] bool is_traceparent(std::string_view text);

// The client's address: of the socket, or, when that is a trusted proxy, the last address of X-Forwarded-For that is not
// one itself.
[[nodiscard]] std::string client_address(Headers const& headers, std::string const& peer, std::vector<std::string> const& trusted);

}  // namespace cho40::http
