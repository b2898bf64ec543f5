#include "adapters/national_pay/fields.h"
#include "adapters/strict_json/strict_json.h"
#include "base/text.h"
#include <nlohmann/json.hpp>

namespace cho40::national_pay {
namespace {

constexpr std::size_t body_bytes_max = 256 * 1024;
constexpr std::size_t field_bytes_max = 500;

}  // namespace

Result<nlohmann::json> read_object(std::string_view bytes)
{
    if (bytes.size() > body_bytes_max) return fail(Errc::body_too_large, "a message has at most 256 KiB");
    if (!is_valid_utf8(bytes)) return fail(Errc::invalid_utf8, "the message is not UTF-8");
    CHO_TRY(auto object, strict_json::parse(bytes, strict_json::Numbers::whole));
    if (!object.is_object()) return fail(Errc::invalid_json, "the message must be one object");
    return object;
}

Result<std::string> field(nlohmann::json const& object, std::string_view name)
{
    auto const pointer = strict_json::pointer("", name);
    auto const it = object.find(name);
    if (it == object.end()) return fail(Errc::required, "is missing", pointer);
    if (!it->is_string() && !it->is_number_integer()) return fail(Errc::wrong_type, "must be a text or a whole number", pointer);
    auto text = word(object, name);
    if (text.size() > field_bytes_max) return fail(Errc::text_too_long, "at most 500 bytes", pointer);
    return text;
}

std::string word(nlohmann::json const& object, std::string_view name)
{
    auto const it = object.find(name);
    if (it == object.end()) return {};
    if (it->is_string()) return it->get<std::string>();
    return it->is_number_integer() ? it->dump() : std::string();
}

std::string kept(std::string_view text, std::size_t characters_max)
{
    auto clean = to_nfc(text);
    if (!clean) return "unreadable";
    for (char& c : *clean) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return cut(*clean, characters_max);
}

std::string cut(std::string_view text, std::size_t characters_max)
{
    std::size_t characters = 0, end = 0;
    while (end < text.size()) {
        bool const begins = (static_cast<unsigned char>(text[end]) & 0xC0) != 0x80;
        if (begins && characters++ == characters_max) break;
        ++end;
    }
    return std::string(text.substr(0, end));
}

}  // namespace cho40::national_pay
