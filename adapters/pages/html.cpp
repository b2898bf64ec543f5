#include "adapters/pages/html.h"
#include "base/text.h"

namespace cho40::pages {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";  // U+FFFD

std::string percent_encoded(std::string_view plain)
{
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (char c : plain) {
        bool const safe = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' ||
                          c == '~';
        if (safe) {
            out += c;
        } else {
            auto const byte = static_cast<unsigned char>(c);
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

}  // namespace

std::string escape(std::string_view plain)
{
    bool const utf8 = is_valid_utf8(plain);
    std::string out;
    out.reserve(plain.size());
    for (char c : plain) {
        auto const byte = static_cast<unsigned char>(c);
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '"': out += "&quot;"; break;
        case '\'': out += "&#39;"; break;
        default:
            if ((byte < 0x20 && c != '\n' && c != '\t') || byte == 0x7F || (byte >= 0x80 && !utf8)) out += replacement;
            else out += c;
        }
    }
    return out;
}

Html text(std::string_view plain) { return Html(escape(plain)); }

std::string document(Html const& root) { return "<!doctype html>\n" + root.bytes_ + '\n'; }

Url Url::path(std::initializer_list<std::string_view> segments)
{
    std::string bytes;
    for (auto const segment : segments) bytes += '/' + percent_encoded(segment);
    // A first segment that is empty would make "//host": another server. Dots alone would climb.
    if (bytes.empty() || bytes.starts_with("//") || bytes.find("/./") != std::string::npos || bytes.find("/../") != std::string::npos ||
        bytes.ends_with("/..") || bytes.ends_with("/.")) {
        return Url("/");
    }
    return Url(std::move(bytes));
}

Url Url::anchor(std::string_view id) { return Url('#' + percent_encoded(id)); }

Url Url::phone(std::string_view digits)
{
    std::string bytes = "tel:";
    for (char c : digits) {
        if ((c >= '0' && c <= '9') || (c == '+' && bytes.size() == 4)) bytes += c;
    }
    return Url(std::move(bytes));
}

Url Url::with(std::string_view key, std::string_view value) const
{
    return Url(bytes_ + (bytes_.find('?') == std::string::npos ? '?' : '&') + percent_encoded(key) + '=' + percent_encoded(value));
}

Attribute TextAttribute::operator=(std::string_view value) const { return {std::string(" ") + name + "=\"" + escape(value) + '"'}; }
Attribute UrlAttribute::operator=(Url const& value) const { return {std::string(" ") + name + "=\"" + escape(value.bytes()) + '"'}; }

}  // namespace cho40::pages
