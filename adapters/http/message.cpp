#include "adapters/http/message.h"
#include "adapters/http/json_writer.h"
#include "base/check.h"
#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::http {
namespace {

constexpr std::array<std::string_view, 7> method_names = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string_view without_weakness(std::string_view tag)
{
    if (tag.starts_with("W/")) tag.remove_prefix(2);
    return tag;
}

Response with_type(int status, std::string body, std::string content_type)
{
    Response response(status);
    response.headers.add("Content-Type", std::move(content_type));
    response.body = std::move(body);
    return response;
}

}  // namespace

std::string_view method_name(Method method)
{
    auto const at = static_cast<std::size_t>(method);
    return at < method_names.size() ? method_names[at] : "?";
}

Method method_from(std::string_view name)
{
    auto const found = std::ranges::find(method_names, name);
    return static_cast<Method>(found - method_names.begin());
}

bool same_name(std::string_view a, std::string_view b)
{
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

void Headers::set(std::string_view name, std::string value)
{
    auto const first = std::ranges::find_if(fields_, [&](Header const& h) { return same_name(h.name, name); });
    if (first == fields_.end()) return add(std::string(name), std::move(value));
    first->value = std::move(value);
    fields_.erase(std::remove_if(first + 1, fields_.end(), [&](Header const& h) { return same_name(h.name, name); }), fields_.end());
}

void Headers::remove(std::string_view name)
{
    std::erase_if(fields_, [&](Header const& h) { return same_name(h.name, name); });
}

std::string_view Headers::get(std::string_view name) const
{
    for (auto const& field : fields_) {
        if (same_name(field.name, name)) return field.value;
    }
    return {};
}

bool Headers::has(std::string_view name) const
{
    return std::ranges::any_of(fields_, [&](Header const& h) { return same_name(h.name, name); });
}

std::size_t Headers::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::ranges::count_if(fields_, [&](Header const& h) { return same_name(h.name, name); }));
}

std::optional<std::string> Request::query_value(std::string_view name) const
{
    for (auto const& parameter : query) {
        if (parameter.name == name) return parameter.value;
    }
    return std::nullopt;
}

std::string const& Request::path_value(std::string_view name) const
{
    auto const found = std::ranges::find(path_parameters, name, &Parameter::name);
    CHO_CHECK(found != path_parameters.end());
    return found->value;
}

std::string_view Request::cookie(std::string_view name) const
{
    for (auto const& pair : cookies) {
        if (pair.name == name) return pair.value;
    }
    return {};
}

std::string Request::media_type() const
{
    auto value = headers.get("Content-Type");
    std::string type(trimmed(value.substr(0, value.find(';'))));
    std::ranges::transform(type, type.begin(), lower);
    return type;
}

Response Response::json(nlohmann::json const& value, int status) { return json_text(dump_json(value), status); }

Response Response::json_text(std::string text, int status) { return with_type(status, std::move(text), "application/json; charset=utf-8"); }

Response Response::html(std::string page, int status) { return with_type(status, std::move(page), "text/html; charset=utf-8"); }

Response Response::text(std::string text, int status) { return with_type(status, std::move(text), "text/plain; charset=utf-8"); }

Response Response::bytes(std::string body, std::string content_type, int status)
{
    return with_type(status, std::move(body), std::move(content_type));
}

Response Response::no_content() { return Response(204); }

Response Response::redirect(std::string location, int status)
{
    Response response(status);
    response.headers.add("Location", std::move(location));
    return response;
}

Response Response::event_stream(EventSource source)
{
    Response response;
    response.headers.add("Content-Type", "text/event-stream; charset=utf-8");
    response.headers.add("X-Accel-Buffering", "no");  // nginx would otherwise hold events back
    response.body = std::move(source);
    return response;
}

Response& Response::header(std::string_view name, std::string value) &
{
    headers.set(name, std::move(value));
    return *this;
}

Response&& Response::header(std::string_view name, std::string value) &&
{
    headers.set(name, std::move(value));
    return std::move(*this);
}

std::string_view Response::body_text() const
{
    if (auto const* own = std::get_if<std::string>(&body)) return *own;
    if (auto const* shared = std::get_if<SharedBytes>(&body)) return shared->bytes;
    return {};
}

std::string etag(std::int64_t version) { return '"' + std::to_string(version) + '"'; }

bool none_match_hits(Request const& request, std::string_view tag)
{
    for (auto const& field : request.headers) {
        if (!same_name(field.name, "If-None-Match")) continue;
        std::string_view rest = field.value;
        while (!rest.empty()) {
            auto const comma = rest.find(',');
            auto const one = trimmed(rest.substr(0, comma));
            if (one == "*" || without_weakness(one) == without_weakness(tag)) return true;
            rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        }
    }
    return false;
}

Result<std::int64_t> if_match_version(Request const& request)
{
    if (!request.headers.has("If-Match")) {
        return fail(Error(Errc::if_match_required, "send If-Match with the version you have seen", "#header/If-Match")
                        .vi("Cần gửi If-Match với phiên bản đã xem."));
    }
    auto const tag = trimmed(request.headers.get("If-Match"));
    std::int64_t version = 0;
    if (request.headers.count("If-Match") == 1 && tag.size() > 2 && tag.front() == '"' && tag.back() == '"') {
        auto const digits = tag.substr(1, tag.size() - 2);
        auto const [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), version);
        if (error == std::errc() && end == digits.data() + digits.size() && version >= 0) return version;
    }
    return fail(Error(Errc::invalid_input, "If-Match must be one entity tag as the resource gave it, for example \"4\"", "#header/If-Match")
                    .vi("If-Match phải là đúng một thẻ như tài nguyên đã trả về, ví dụ \"4\"."));
}

}  // namespace cho40::http
