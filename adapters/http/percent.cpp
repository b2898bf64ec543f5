#include "adapters/http/percent.h"
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

namespace cho40::http {
namespace {

int hex(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::optional<std::string> decode(std::string_view text, bool plus_is_space)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '%') {
            int const high = i + 2 < text.size() ? hex(text[i + 1]) : -1;
            int const low = i + 2 < text.size() ? hex(text[i + 2]) : -1;
            if (high < 0 || low < 0) return std::nullopt;
            c = static_cast<char>(high * 16 + low);
            if (c == '\0') return std::nullopt;
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        out += c;
    }
    return out;
}

}  // namespace

std::optional<std::string> percent_decode(std::string_view text) { return decode(text, false); }

std::string percent_encode(std::string_view text)
{
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out;
    for (char c : text) {
        bool const plain = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' ||
                           c == '~';
        if (plain) {
            out += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

std::optional<std::vector<Parameter>> parse_parameters(std::string_view text)
{
    std::vector<Parameter> parameters;
    while (!text.empty()) {
        auto const end = text.find('&');
        auto const pair = text.substr(0, end);
        text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
        if (pair.empty()) continue;
        auto const equals = pair.find('=');
        auto name = decode(pair.substr(0, equals), true);
        auto value = equals == std::string_view::npos ? std::string() : decode(pair.substr(equals + 1), true);
        if (!name || !value) return std::nullopt;
        parameters.push_back({std::move(*name), std::move(*value)});
    }
    return parameters;
}

std::optional<TargetParts> split_target(std::string_view target)
{
    namespace urls = boost::urls;
    boost::core::string_view const text(target.data(), target.size());
    auto const url = target.starts_with('/') ? urls::parse_origin_form(text) : urls::parse_uri(text);
    if (!url) return std::nullopt;
    if (url->has_scheme() && url->scheme_id() != urls::scheme::http && url->scheme_id() != urls::scheme::https) { return std::nullopt; }
    TargetParts parts;
    auto const path = url->encoded_path();
    auto const query = url->encoded_query();
    parts.path.assign(path.data(), path.size());
    parts.query.assign(query.data(), query.size());
    if (parts.path.empty()) parts.path = "/";
    return parts;
}

}  // namespace cho40::http
