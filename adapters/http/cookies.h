#pragma once
#include "adapters/http/message.h"
#include <chrono>
#include <string>
#include <string_view>

namespace cho40::http {

inline constexpr std::string_view session_cookie = "__Host-sid";  // api-conventions §13.2
inline constexpr std::string_view language_cookie = "lang";
inline constexpr std::string_view csrf_header = "X-CSRF-Token";

// Pairs of a Cookie header, in order; quotes around a value are taken off; what is not a pair is skipped.
[[nodiscard]] std::vector<Parameter> parse_cookies(std::string_view header);

struct Cookie {
    std::string name;
    std::string value;  // only characters RFC 6265 allows in a value
    std::optional<std::chrono::seconds> max_age = {};  // none: until the browser closes
    bool http_only = true;
    bool secure = true;
    std::string same_site = "Lax";
    std::string path = "/";
};

void set_cookie(Response& response, Cookie const& cookie);
void clear_cookie(Response& response, std::string_view name);

// GET, HEAD and OPTIONS need no CSRF token.
[[nodiscard]] bool is_safe(Method method);

// For unsafe methods: the header X-CSRF-Token (or, for forms that work without scripts, the given form value) must equal
// `expected`; compared in constant time. Error: csrf_failed.
[[nodiscard]] Result<Done> check_csrf(Request const& request, std::string_view expected, std::string_view form_value = {});

// Fields of an application/x-www-form-urlencoded body. Errors: unsupported_media_type, malformed_request.
[[nodiscard]] Result<std::vector<Parameter>> parse_form(Request const& request);
[[nodiscard]] std::string_view form_value(std::vector<Parameter> const& form, std::string_view name);  // or empty

}  // namespace cho40::http
