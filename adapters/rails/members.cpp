#include "adapters/rails/members.h"
#include "adapters/strict_json/strict_json.h"
#include "base/text.h"
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <limits>
#include <nlohmann/json.hpp>

namespace cho40::rails {
namespace {

using nlohmann::json;

Result<std::string> read_text(json const& value, std::size_t characters_max, std::string pointer)
{
    if (!value.is_string()) return fail(Errc::wrong_type, "must be a text", std::move(pointer));
    return kept_text(value.get_ref<std::string const&>(), characters_max, std::move(pointer));
}

// "-5000", "18067000.00"
Result<std::int64_t> read_decimal(std::string_view written, std::string pointer)
{
    auto const point = std::min(written.find('.'), written.size());
    auto const fraction = written.substr(std::min(point + 1, written.size()));
    std::int64_t count = 0;
    auto const end = written.data() + point;
    auto const [stopped, error] = std::from_chars(written.data(), end, count);
    if (error == std::errc::result_out_of_range) return fail(Errc::amount_overflow, "has too many digits", std::move(pointer));
    bool const is_whole = fraction.find_first_not_of('0') == fraction.npos && (point == written.size() || !fraction.empty());
    if (error != std::errc() || stopped != end || !is_whole) return fail(Errc::wrong_type, "must be whole VND", std::move(pointer));
    return count;
}

}  // namespace

Result<std::string> kept_text(std::string_view given, std::size_t characters_max, std::string pointer)
{
    auto text = to_nfc(given);
    if (!text) return fail(Errc::invalid_utf8, text.error().detail, std::move(pointer));
    if (count_code_points(*text) > characters_max) {
        return fail(Errc::text_too_long, "at most " + std::to_string(characters_max) + " characters", std::move(pointer));
    }
    // PostgreSQL cannot store U+0000, and no memo needs a control character.
    for (char& c : *text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return *std::move(text);
}

Result<Dong> moved_amount(std::int64_t count, std::string pointer)
{
    if (count <= 0) return fail(Errc::amount_not_positive, "must be more than 0 VND", std::move(pointer));
    if (Dong(count) > qr_pay::amount_max) return fail(Errc::amount_overflow, "has more than 13 digits", std::move(pointer));
    return Dong(count);
}

Result<json> parse_notification(std::string_view bytes)
{
    if (bytes.size() > body_bytes_max) return fail(Errc::body_too_large, "a notification has at most 1 MiB");
    if (!is_valid_utf8(bytes)) return fail(Errc::invalid_utf8, "the body is not UTF-8");
    CHO_TRY(auto body, strict_json::parse(bytes, strict_json::Numbers::whole));
    if (!body.is_object()) return fail(Errc::invalid_json, "the body must be one object");
    return body;
}

std::string Members::pointer_to(std::string_view name) const { return strict_json::pointer(pointer_, name); }

json const* Members::find(std::string_view name) const
{
    auto const it = object_.find(name);
    return it == object_.end() ? nullptr : &*it;
}

Result<std::string> Members::text(std::string_view name, std::size_t characters_max) const
{
    auto const* value = find(name);
    if (!value) return fail(Errc::required, "is missing", pointer_to(name));
    return read_text(*value, characters_max, pointer_to(name));
}

Result<std::string> Members::optional_text(std::string_view name, std::size_t characters_max) const
{
    auto const* value = find(name);
    if (!value || value->is_null()) return std::string();
    return read_text(*value, characters_max, pointer_to(name));
}

Result<std::int64_t> Members::whole(std::string_view name) const
{
    auto const* value = find(name);
    if (!value) return fail(Errc::required, "is missing", pointer_to(name));
    if (!value->is_number_integer()) return fail(Errc::wrong_type, "must be a whole number", pointer_to(name));
    return value->get<std::int64_t>();
}

Result<Dong> Members::amount(std::string_view name) const
{
    CHO_TRY(auto const count, whole(name));
    return moved_amount(count, pointer_to(name));
}

Result<Moved> Members::moved(std::string_view name) const
{
    CHO_TRY(auto const count, whole(name));
    auto const direction = count < 0 ? qr_pay::Direction::out : qr_pay::Direction::in;
    // The most negative number has no positive twin; it is too large either way.
    auto const size = count == std::numeric_limits<std::int64_t>::min() ? std::numeric_limits<std::int64_t>::max() : std::abs(count);
    CHO_TRY(auto const amount, moved_amount(size, pointer_to(name)));
    return Moved{direction, amount};
}

Result<std::optional<std::int64_t>> Members::optional_whole(std::string_view name) const
{
    auto const* value = find(name);
    if (!value || value->is_null()) return std::optional<std::int64_t>();
    CHO_TRY(auto const count, whole(name));
    return std::optional(count);
}

Result<std::optional<std::int64_t>> Members::optional_decimal(std::string_view name) const
{
    auto const* value = find(name);
    if (!value || value->is_null() || *value == "") return std::optional<std::int64_t>();
    if (value->is_number_integer()) return optional_whole(name);
    if (!value->is_string() && !value->is_number_float()) return fail(Errc::wrong_type, "must be whole VND", pointer_to(name));
    // A number with a fraction is printed as it was read: 18067000.0.
    auto const written = value->is_string() ? value->get<std::string>() : value->dump();
    CHO_TRY(auto const count, read_decimal(written, pointer_to(name)));
    return std::optional(count);
}

Result<Done> Members::only_vnd(std::string_view name) const
{
    auto const* value = find(name);
    if (value && !value->is_null() && *value != "VND") return fail(Errc::currency_not_vnd, "only VND can be booked", pointer_to(name));
    return Done{};
}

Result<std::string> Members::as_signed(std::string_view name) const
{
    auto const* value = find(name);
    if (!value) return fail(Errc::required, "is missing", pointer_to(name));
    if (value->is_string()) return value->get<std::string>();
    if (value->is_number_integer()) return value->dump();
    return fail(Errc::wrong_type, "must be a text or a whole number", pointer_to(name));
}

Result<Instant> Members::local_time(std::string_view name) const
{
    CHO_TRY(auto const written, text(name, 40));
    auto const time = parse_local_time(written);
    if (!time) return fail(Errc::invalid_date, time.error().detail, pointer_to(name));
    return *time;
}

Result<std::string> Members::id(std::string_view name, std::size_t characters_max) const
{
    CHO_TRY(auto const written, text(name, characters_max));
    if (trim(written).empty()) return fail(Errc::required, "is empty", pointer_to(name));
    return std::string(trim(written));
}

}  // namespace cho40::rails
