#include "adapters/http/negotiate.h"
#include <algorithm>
#include <boost/asio/ip/address.hpp>
#include <charconv>
#include <optional>

namespace cho40::http {
namespace {

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::optional<Language> language_from(std::string_view tag)
{
    auto const primary = tag.substr(0, tag.find('-'));
    if (same_name(primary, "vi")) return Language::vi;
    if (same_name(primary, "en")) return Language::en;
    return std::nullopt;
}

// q=0.8 in thousandths; 1000 without one, 0 when it cannot be read.
int weight_of(std::string_view parameters)
{
    auto const at = parameters.find("q=");
    if (at == std::string_view::npos) return 1000;
    auto const text = trimmed(parameters.substr(at + 2));
    if (text.starts_with('1')) return 1000;
    if (!text.starts_with("0.")) return 0;
    int weight = 0;
    int unit = 100;
    for (char c : text.substr(2, 3)) {
        if (c < '0' || c > '9') break;
        weight += (c - '0') * unit;
        unit /= 10;
    }
    return weight;
}

bool is_lower_hex(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

bool is_zero(std::string_view text) { return text.find_first_not_of('0') == std::string_view::npos; }

}  // namespace

Language language_of(Request const& request)
{
    for (auto const& parameter : request.query) {
        if (parameter.name != "lang") continue;
        if (auto const language = language_from(parameter.value)) return *language;
    }
    if (auto const language = language_from(request.cookie("lang"))) return *language;

    Language best = Language::vi;
    int best_weight = 0;
    std::string_view rest = request.header("Accept-Language");
    while (!rest.empty()) {
        auto const comma = rest.find(',');
        auto const one = rest.substr(0, comma);
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(comma + 1);
        auto const semicolon = one.find(';');
        auto const language = language_from(trimmed(one.substr(0, semicolon)));
        auto const weight = weight_of(semicolon == std::string_view::npos ? std::string_view() : one.substr(semicolon));
        if (language && weight > best_weight) {
            best = *language;
            best_weight = weight;
        }
    }
    return best;
}

bool is_request_id(std::string_view text)
{
    return text.size() >= 8 && text.size() <= 64 && std::ranges::all_of(text, [](char c) {
               return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
           });
}

bool is_traceparent(std::string_view text)
{
    return text.size() == 55 && text.starts_with("00-") && text[35] == '-' && text[52] == '-' && is_lower_hex(text.substr(3, 32)) &&
           is_lower_hex(text.substr(36, 16)) && is_lower_hex(text.substr(53)) && !is_zero(text.substr(3, 32)) &&
           !is_zero(text.substr(36, 16));
}

std::string client_address(Headers const& headers, std::string const& peer, std::vector<std::string> const& trusted)
{
    auto const is_trusted = [&](std::string_view address) { return std::ranges::find(trusted, address) != trusted.end(); };
    auto const list = headers.get("X-Forwarded-For");
    if (list.empty() || headers.count("X-Forwarded-For") != 1 || !is_trusted(peer)) return peer;
    std::string address = peer;
    auto rest = list;
    while (!rest.empty()) {
        auto const comma = rest.rfind(',');
        auto const last = trimmed(comma == std::string_view::npos ? rest : rest.substr(comma + 1));
        boost::system::error_code error;
        auto const parsed = boost::asio::ip::make_address(std::string(last), error);
        if (error) return address;  // what a client wrote itself may be anything
        address = parsed.to_string();
        if (!is_trusted(address)) return address;
        rest = comma == std::string_view::npos ? std::string_view() : rest.substr(0, comma);
    }
    return address;
}

}  // namespace cho40::http
