#include "adapters/xml/writer.h"
#include "base/check.h"

namespace cho40::xml {

Writer::Writer() : out_("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") {}

void Writer::begin(std::string_view name, Attributes const& attributes)
{
    out_ += '<';
    out_ += name;
    for (auto const& [key, value] : attributes) {
        out_ += ' ';
        out_ += key;
        out_ += "=\"";
        out_ += escape_attribute(value);
        out_ += '"';
    }
}

void Writer::open(std::string_view name, Attributes const& attributes)
{
    begin(name, attributes);
    out_ += '>';
    open_.emplace_back(name);
}

void Writer::close()
{
    CHO_CHECK(!open_.empty());
    out_ += "</";
    out_ += open_.back();
    out_ += '>';
    open_.pop_back();
}

void Writer::text(std::string_view name, std::string_view content, Attributes const& attributes)
{
    if (content.empty()) return empty(name, attributes);
    begin(name, attributes);
    out_ += '>';
    out_ += escape_text(content);
    out_ += "</";
    out_ += name;
    out_ += '>';
}

void Writer::money(std::string_view name, Dong amount) { number(name, amount.count()); }
void Writer::number(std::string_view name, std::int64_t value) { text(name, std::to_string(value)); }
void Writer::flag(std::string_view name, bool value) { text(name, value ? "true" : "false"); }

void Writer::empty(std::string_view name, Attributes const& attributes)
{
    begin(name, attributes);
    out_ += "/>";
}

std::string Writer::finish() &&
{
    CHO_CHECK(open_.empty());
    return std::move(out_);
}

std::string escape_text(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    for (char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '>': out += "&gt;"; break;
        case '\r': out += "&#xD;"; break;
        default: out += c;
        }
    }
    return out;
}

std::string escape_attribute(std::string_view text)
{
    std::string out;
    for (char c : text) {
        switch (c) {
        case '&': out += "&amp;"; break;
        case '<': out += "&lt;"; break;
        case '"': out += "&quot;"; break;
        case '\t': out += "&#x9;"; break;
        case '\n': out += "&#xA;"; break;
        case '\r': out += "&#xD;"; break;
        default: out += c;
        }
    }
    return out;
}

}  // namespace cho40::xml
