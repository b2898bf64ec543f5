#include "adapters/api/page_answers.h"
#include "adapters/http/cookies.h"
#include "adapters/pages/assets.h"
#include <algorithm>

namespace cho40::api {

using http::Request;
using http::Response;
using pages::Url;

pages::Language language_of(Request const& request)
{
    auto const asked = request.query_value("lang");
    if (asked) return pages::parse_language(*asked);
    auto const cookie = request.cookie(http::language_cookie);
    return cookie.empty() ? pages::Language::vi : pages::parse_language(cookie);
}

std::string code_in_path(Request const& request)
{
    auto const found = std::ranges::find(request.path_parameters, "code", &http::Parameter::name);
    return found == request.path_parameters.end() ? std::string() : found->value;
}

namespace {

// What of a question goes on with the page: a typed code, and all that a fee calculation is made of. `/` has one segment, "".
bool is_kept(std::string_view page, std::string_view name)
{
    if (page != "fees") return name == "code";
    for (auto const* one : {"q", "fee", "channel", "persona", "day", "usd"}) {
        if (name == one) return true;
    }
    return name.starts_with("quantity.") || name.starts_with("pages.") || name.starts_with("value.");
}

// This page without its language, put together from what was decoded.
Url here(Request const& request)
{
    // A form was sent here and nobody can read this address: the way back is the notice's page.
    if (request.method == http::Method::post) return Url::path({"pay", code_in_path(request)});
    std::vector<std::string> segments;
    for (std::size_t at = 1; at <= request.path.size();) {
        auto const slash = std::min(request.path.find('/', at), request.path.size());
        segments.emplace_back(request.path.substr(at, slash - at));
        at = slash + 1;
    }
    auto url = Url::path({});
    if (segments.size() == 1 && !segments[0].empty()) url = Url::path({segments[0]});
    if (segments.size() == 2) url = Url::path({segments[0], segments[1]});
    if (segments.size() >= 3) url = Url::path({segments[0], segments[1], segments[2]});
    for (auto const& [name, value] : request.query) {
        if (is_kept(segments[0], name)) url = url.with(name, value);
    }
    return url;
}

std::string host_of(std::string const& url)
{
    auto const at = url.find("://");
    return at == std::string::npos ? url : url.substr(at + 3);
}

}  // namespace

pages::PageContext page_context(FeeContext const& context, Request const& request)
{
    pages::PageContext page;
    page.language = language_of(request);
    page.here = here(request);
    page.assets = pages::asset_urls();
    page.request_id = request.request_id;
    page.site_address = host_of(context.public_url);
    page.demo = context.demo;
    return page;
}

Response answer(Request const& request, std::string document, int status)
{
    auto response = Response::html(std::move(document), status);
    response.content_security_policy(std::string(pages::content_security_policy));
    response.header("Content-Language", language_of(request) == pages::Language::en ? "en" : "vi");
    response.header("Vary", "Cookie");
    if (auto const asked = request.query_value("lang");
        asked && (*asked == "vi" || *asked == "en") && *asked != request.cookie(http::language_cookie)) {
        http::Cookie cookie;
        cookie.name = http::language_cookie;
        cookie.value = *asked;
        cookie.max_age = std::chrono::hours(24 * 365);
        cookie.secure = request.secure;
        cookie.http_only = false;  // no secret: the vendor's app and the console read and set it too
        http::set_cookie(response, cookie);
    }
    return response;
}

}  // namespace cho40::api
