#include "adapters/http/cookies.h"
#include "adapters/http/percent.h"
#include "base/check.h"
#include "base/digest.h"
#include <algorithm>

namespace cho40::http {
namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// RFC 6265 cookie-octet: no controls, white space, quotes, commas, semicolons and backslashes.
bool is_cookie_text(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7F && c != '"' && c != ',' && c != ';' && c != '\\'; });
}

}  // namespace

std::vector<Parameter> parse_cookies(std::string_view header)
{
    std::vector<Parameter> cookies;
    while (!header.empty()) {
        auto const end = header.find(';');
        auto const pair = header.substr(0, end);
        header = end == std::string_view::npos ? std::string_view() : header.substr(end + 1);
        auto const equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        auto const name = trimmed(pair.substr(0, equals));
        auto value = trimmed(pair.substr(equals + 1));
        if (name.empty()) continue;
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        cookies.push_back({std::string(name), std::string(value)});
    }
    return cookies;
}

void set_cookie(Response& response, Cookie const& cookie)
{
    CHO_CHECK(!cookie.name.empty() && is_cookie_text(cookie.name) && is_cookie_text(cookie.value));
    // __Host- promises the browser: Secure, path "/", no domain. Anything else would silently not be stored.
    CHO_CHECK(!cookie.name.starts_with("__Host-") || (cookie.secure && cookie.path == "/"));
    auto text = cookie.name + "=" + cookie.value + "; Path=" + cookie.path;
    if (cookie.max_age) text += "; Max-Age=" + std::to_string(cookie.max_age->count());
    if (cookie.secure) text += "; Secure";
    if (cookie.http_only) text += "; HttpOnly";
    text += "; SameSite=" + cookie.same_site;
    response.headers.add("Set-Cookie", std::move(text));
}

void clear_cookie(Response& response, std::string_view name)
{
    Cookie gone{.name = std::string(name), .value = "", .max_age = std::chrono::seconds(0)};
    set_cookie(response, gone);
}

bool is_safe(Method method) { return method == Method::get || method == Method::head || method == Method::options; }

Result<Done> check_csrf(Request const& request, std::string_view expected, std::string_view form_value)
{
    if (is_safe(request.method)) return Done{};
    auto const given = request.headers.has(csrf_header) ? request.header(csrf_header) : form_value;
    if (!expected.empty() && equal_in_constant_time(given, expected)) return Done{};
    return fail(Error(Errc::csrf_failed, "the form is out of date; load the page again and repeat",
                      std::string("#header/") + std::string(csrf_header))
                    .vi("Trang đã cũ; hãy tải lại trang rồi làm lại."));
}

Result<std::vector<Parameter>> parse_form(Request const& request)
{
    if (request.media_type() != "application/x-www-form-urlencoded") {
        return fail(Errc::unsupported_media_type, "send application/x-www-form-urlencoded", "#header/Content-Type");
    }
    auto form = parse_parameters(request.body);
    if (!form) return fail(Errc::malformed_request, "the form has a broken percent escape");
    return std::move(*form);
}

std::string_view form_value(std::vector<Parameter> const& form, std::string_view name)
{
    auto const found = std::ranges::find(form, name, &Parameter::name);
    return found == form.end() ? std::string_view() : std::string_view(found->value);
}

}  // namespace cho40::http
