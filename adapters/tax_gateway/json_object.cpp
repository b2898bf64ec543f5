#include "adapters/tax_gateway/json_object.h"
#include "adapters/strict_json/strict_json.h"
#include "base/text.h"

namespace cho40::tax_gateway {
using nlohmann::json;

Result<json> parse_strict_json(std::string_view text)
{
    if (!is_valid_utf8(text)) return fail(Errc::invalid_utf8, "the JSON text is not UTF-8");
    return strict_json::parse(text);
}

Result<JsonObject> JsonObject::of(json const& value, std::string at)
{
    if (!value.is_object()) return fail(Errc::invalid_input, "must be an object", at);
    return JsonObject(value, std::move(at));
}

std::string JsonObject::pointer(std::string_view name) const { return strict_json::pointer(at_, name); }

tl::unexpected<Error> JsonObject::required(char const* name) const
{
    return fail(Errc::invalid_input, std::string(name) + " is missing", pointer(name));
}

json const* JsonObject::any(char const* name)
{
    asked_.insert(name);
    auto const found = value_->find(name);
    return found == value_->end() || found->is_null() ? nullptr : &*found;
}

Result<json const*> JsonObject::optional_array(char const* name, std::size_t count_max)
{
    auto const* value = any(name);
    if (!value) return nullptr;
    if (!value->is_array()) return fail(Errc::invalid_input, "must be an array", pointer(name));
    if (value->size() > count_max) return fail(Errc::invalid_input, "at most " + std::to_string(count_max) + " items", pointer(name));
    return value;
}

Result<std::optional<std::int64_t>> JsonObject::optional_whole(char const* name, std::int64_t min, std::int64_t max)
{
    auto const* value = any(name);
    if (!value) return std::nullopt;
    if (!value->is_number_integer()) return fail(Errc::invalid_input, "must be a whole number", pointer(name));
    if (value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
        return fail(Errc::amount_overflow, "too large", pointer(name));
    }
    auto const n = value->get<std::int64_t>();
    if (n < min || n > max) {
        return fail(Errc::invalid_input, "must lie between " + std::to_string(min) + " and " + std::to_string(max), pointer(name));
    }
    return n;
}

Result<std::optional<Dong>> JsonObject::optional_dong(char const* name)
{
    CHO_TRY(auto const n, optional_whole(name, 0, INT64_MAX));
    if (!n) return std::nullopt;
    return Dong(*n);
}

Result<std::optional<std::string>> JsonObject::optional_text(char const* name, std::size_t bytes_max)
{
    auto const* value = any(name);
    if (!value) return std::nullopt;
    if (!value->is_string()) return fail(Errc::invalid_input, "must be a text", pointer(name));
    CHO_TRY(auto text, to_nfc(value->get_ref<std::string const&>()));
    if (text.size() > bytes_max) return fail(Errc::invalid_input, "at most " + std::to_string(bytes_max) + " bytes", pointer(name));
    for (unsigned char c : text) {
        if (c < 0x20 && c != '\n' && c != '\t') return fail(Errc::invalid_input, "a control character stands in the text", pointer(name));
    }
    return text;
}

Result<std::optional<bool>> JsonObject::optional_flag(char const* name)
{
    auto const* value = any(name);
    if (!value) return std::nullopt;
    if (!value->is_boolean()) return fail(Errc::invalid_input, "must be true or false", pointer(name));
    return value->get<bool>();
}

Result<std::optional<Day>> JsonObject::optional_day(char const* name)
{
    CHO_TRY(auto const text, optional_text(name, 10));
    if (!text) return std::nullopt;
    auto day = Day::parse(*text);
    if (!day) return fail(Errc::invalid_date, "must be a day like 2026-11-22", pointer(name));
    return *day;
}

Result<Dong> JsonObject::dong(char const* name)
{
    CHO_TRY(auto const value, optional_dong(name));
    if (!value) return required(name);
    return *value;
}

Result<std::int64_t> JsonObject::whole(char const* name, std::int64_t min, std::int64_t max)
{
    CHO_TRY(auto const value, optional_whole(name, min, max));
    if (!value) return required(name);
    return *value;
}

Result<std::string> JsonObject::text(char const* name, std::size_t bytes_max)
{
    CHO_TRY(auto value, optional_text(name, bytes_max));
    if (!value) return required(name);
    return *std::move(value);
}

Result<Day> JsonObject::day(char const* name)
{
    CHO_TRY(auto const value, optional_day(name));
    if (!value) return required(name);
    return *value;
}

Result<std::string> JsonObject::text_or(char const* name, std::string_view otherwise, std::size_t bytes_max)
{
    CHO_TRY(auto value, optional_text(name, bytes_max));
    return value ? *std::move(value) : std::string(otherwise);
}

Result<bool> JsonObject::flag_or(char const* name, bool otherwise)
{
    CHO_TRY(auto const value, optional_flag(name));
    return value.value_or(otherwise);
}

Result<Dong> JsonObject::dong_or_zero(char const* name)
{
    CHO_TRY(auto const value, optional_dong(name));
    return value.value_or(Dong());
}

Result<Done> JsonObject::finish() const
{
    for (auto const& [name, value] : value_->items()) {
        if (!asked_.contains(name)) return fail(Errc::unknown_field, "no such member", pointer(strict_json::shown(name)));
    }
    return Done{};
}

}  // namespace cho40::tax_gateway
