#include "adapters/http/cursor.h"
#include "adapters/http/percent.h"
#include "base/check.h"
#include "base/digest.h"
#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

namespace cho40::http {
namespace {

using nlohmann::json;

constexpr std::size_t mark_bytes = 16;      // of the HMAC: enough for a position that opens nothing
constexpr std::size_t cursor_bytes_max = 512;  // of the text
constexpr int limit_default = 50;
constexpr int limit_max = 200;

// base64 with the alphabet of RFC 4648 §5, without padding.
std::string to_url_base64(std::string_view bytes)
{
    auto text = to_base64(bytes);
    while (!text.empty() && text.back() == '=') text.pop_back();
    std::ranges::replace(text, '+', '-');
    std::ranges::replace(text, '/', '_');
    return text;
}

std::optional<std::string> from_url_base64(std::string_view text)
{
    std::string plain(text);
    if (plain.find_first_of("+/=") != std::string::npos) return std::nullopt;
    std::ranges::replace(plain, '-', '+');
    std::ranges::replace(plain, '_', '/');
    while (plain.size() % 4 != 0) plain += '=';
    return from_base64(plain);
}

bool is_paging(std::string_view name) { return name == "cursor" || name == "limit" || name == "lang"; }

// What the position was made under: the path and all filters, in one order.
std::string filters_of(Request const& request)
{
    auto parameters = request.query;
    std::erase_if(parameters, [](Parameter const& p) { return is_paging(p.name); });
    std::ranges::sort(parameters,
                      [](Parameter const& a, Parameter const& b) { return a.name != b.name ? a.name < b.name : a.value < b.value; });
    std::string text = request.path;
    for (auto const& p : parameters) text += '\n' + percent_encode(p.name) + '=' + percent_encode(p.value);
    return to_hex(sha256(text)).substr(0, 16);
}

std::string mark(Secret const& key, Request const& request, std::string_view payload)
{
    auto const digest = hmac_sha256(key.expose(), std::string(request.operation_id) + '\n' + std::string(payload));
    return std::string(reinterpret_cast<char const*>(digest.data()), mark_bytes);
}

auto not_ours()
{
    return fail(Error(Errc::invalid_cursor, "take the cursor from page.next; it lasts 24 hours", "#query/cursor")
                    .vi("Con trỏ trang không hợp lệ hoặc đã hết hạn."));
}

std::int64_t seconds_of(Instant instant) { return std::chrono::floor<std::chrono::seconds>(instant).time_since_epoch().count(); }

}  // namespace

std::string Cursors::write(Request const& request, std::vector<std::string> const& position) const
{
    json const payload = {{"t", seconds_of(clock_.now())}, {"k", position}, {"f", filters_of(request)}};
    auto const text = payload.dump(-1, ' ', false, json::error_handler_t::replace);
    auto cursor = to_url_base64(mark(key_, request, text) + text);
    CHO_CHECK(cursor.size() <= cursor_bytes_max);
    return cursor;
}

Result<std::vector<std::string>> Cursors::read(Request const& request) const
{
    auto const text = request.query_value("cursor");
    if (!text) return std::vector<std::string>();
    if (text->size() > cursor_bytes_max) return not_ours();
    auto const bytes = from_url_base64(*text);
    if (!bytes || bytes->size() <= mark_bytes) return not_ours();
    auto const payload = bytes->substr(mark_bytes);
    if (!equal_in_constant_time(bytes->substr(0, mark_bytes), mark(key_, request, payload))) return not_ours();
    // From here on it is what write() made.
    auto const parsed = json::parse(payload);
    auto const age = seconds_of(clock_.now()) - parsed.at("t").get<std::int64_t>();
    if (age < 0 || age > std::chrono::seconds(lifetime).count()) return not_ours();
    if (parsed.at("f").get<std::string>() != filters_of(request)) {
        return fail(Error(Errc::cursor_mismatch, "this cursor was made with other filters; start again without it", "#query/cursor")
                        .vi("Con trỏ trang thuộc bộ lọc khác."));
    }
    return parsed.at("k").get<std::vector<std::string>>();
}

Result<int> page_limit(Request const& request)
{
    auto const text = request.query_value("limit");
    if (!text) return limit_default;
    int limit = 0;
    auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
    bool const whole = error == std::errc() && end == text->data() + text->size();
    if (whole && limit >= 1 && limit <= limit_max) return limit;
    Error refused(Errc::validation_failed, "limit must be a whole number from 1 to 200", "#query/limit");
    refused.detail_vi = "limit phải là số nguyên từ 1 đến 200.";
    auto const why = !whole ? Errc::invalid_format : limit < 1 ? Errc::too_small : Errc::too_large;
    refused.fields.push_back(FieldError{"#query/limit", why, "1 to 200", "Từ 1 đến 200.",
                                        whole && limit > limit_max ? std::optional<std::int64_t>(limit_max) : std::nullopt});
    return fail(std::move(refused));
}

Result<Done> only_query(Request const& request, std::initializer_list<std::string_view> known)
{
    Error refused(Errc::validation_failed, "the request has filters that do not exist here");
    refused.detail_vi = "Yêu cầu có bộ lọc không tồn tại.";
    for (auto const& p : request.query) {
        if (is_paging(p.name) || std::ranges::find(known, p.name) != known.end()) continue;
        refused.fields.push_back(
            FieldError{"#query/" + p.name, Errc::unknown_field, "there is no such filter", "Không có bộ lọc này.", {}});
    }
    if (refused.fields.empty()) return Done{};
    return fail(std::move(refused));
}

json page_json(std::optional<std::string> const& next)
{
    json page = {{"has_more", next.has_value()}, {"next", nullptr}, {"prev", nullptr}};
    if (next) page["next"] = *next;
    return page;
}

void add_next_link(Response& response, Request const& request, std::string const& next)
{
    std::string target = request.path + '?';
    for (auto const& p : request.query) {
        if (p.name != "cursor") target += percent_encode(p.name) + '=' + percent_encode(p.value) + '&';
    }
    response.header("Link", "<" + target + "cursor=" + next + ">; rel=\"next\"");
}

}  // namespace cho40::http
