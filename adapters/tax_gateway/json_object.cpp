#include "adapters/tax_gateway/json_object.h"
#include "base/text.h"

namespace cho40::tax_gateway {
namespace {

using nlohmann::json;

constexpr std::size_t depth_max = 32;

// Builds the value like the library's own reader, and stops at a member given twice or at nesting that is too deep.
class StrictReader {
public:
    using number_integer_t = json::number_integer_t;
    using number_unsigned_t = json::number_unsigned_t;
    using number_float_t = json::number_float_t;
    using string_t = json::string_t;
    using binary_t = json::binary_t;

    explicit StrictReader(json& root) : dom_(root, false) {}

    bool null() { return dom_.null(); }
    bool boolean(bool v) { return dom_.boolean(v); }
    bool number_integer(number_integer_t v) { return dom_.number_integer(v); }
    bool number_unsigned(number_unsigned_t v) { return dom_.number_unsigned(v); }
    bool number_float(number_float_t v, string_t const& s) { return dom_.number_float(v, s); }
    bool string(string_t& v) { return dom_.string(v); }
    bool binary(binary_t& v) { return dom_.binary(v); }
    bool start_object(std::size_t n)
    {
        names_.emplace_back();
        return deep_enough() && dom_.start_object(n);
    }
    bool key(string_t& name)
    {
        if (!names_.back().insert(name).second) return refuse("the member \"" + name.substr(0, 60) + "\" is given twice");
        return dom_.key(name);
    }
    bool end_object()
    {
        names_.pop_back();
        return dom_.end_object();
    }
    bool start_array(std::size_t n)
    {
        names_.emplace_back();
        return deep_enough() && dom_.start_array(n);
    }
    bool end_array()
    {
        names_.pop_back();
        return dom_.end_array();
    }
    bool parse_error(std::size_t position, std::string const&, json::exception const&)
    {
        return refuse("not JSON at byte " + std::to_string(position));
    }

    std::string fault;

private:
    bool refuse(std::string why)
    {
        fault = std::move(why);
        return false;
    }
    bool deep_enough() { return names_.size() <= depth_max || refuse("nested deeper than " + std::to_string(depth_max)); }

    nlohmann::detail::json_sax_dom_parser<json> dom_;
    std::vector<std::set<std::string, std::less<>>> names_;
};

}  // namespace

Result<json> parse_strict_json(std::string_view text)
{
    if (!is_valid_utf8(text)) return fail(Errc::invalid_utf8, "the JSON text is not UTF-8");
    json value;
    StrictReader reader(value);
    if (!json::sax_parse(text, &reader)) return fail(Errc::invalid_json, reader.fault.empty() ? "not JSON" : reader.fault);
    return value;
}

Result<JsonObject> JsonObject::of(json const& value, std::string at)
{
    if (!value.is_object()) return fail(Errc::invalid_input, "must be an object", at);
    return JsonObject(value, std::move(at));
}

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
        if (!asked_.contains(name)) return fail(Errc::unknown_field, "no such member", pointer(name.substr(0, 60)));
    }
    return Done{};
}

}  // namespace cho40::tax_gateway
