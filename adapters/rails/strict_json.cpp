#include "adapters/rails/strict_json.h"
#include "base/text.h"
#include "qr-pay/bank_credit.h"
#include <limits>
#include <nlohmann/json.hpp>

namespace cho40::rails {
namespace {

using nlohmann::json;

// Builds the value from the parser's events and stops at what is refused.
class Builder final : public nlohmann::json_sax<json> {
public:
    json take() { return std::move(root_); }
    std::string const& why() const { return why_; }

    bool null() override { return add(nullptr); }
    bool boolean(bool value) override { return add(value); }
    bool number_integer(number_integer_t value) override { return add(value); }
    bool number_unsigned(number_unsigned_t value) override
    {
        if (value > static_cast<number_unsigned_t>(std::numeric_limits<std::int64_t>::max()))
            return refuse("a number is beyond 64 bits");
        return add(static_cast<std::int64_t>(value));
    }
    bool number_float(number_float_t, string_t const& token) override
    {
        return refuse(shown(token) + " is not a whole number within 64 bits");
    }
    bool string(string_t& value) override { return add(std::move(value)); }
    bool binary(binary_t&) override { return refuse("binary values are not JSON"); }

    bool start_object(std::size_t) override { return open(json::object()); }
    bool key(string_t& name) override
    {
        if (open_.back()->contains(name)) return refuse("the member " + shown(name) + " stands twice");
        key_ = std::move(name);
        return true;
    }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open(json::array()); }
    bool end_array() override { return close(); }

    bool parse_error(std::size_t position, std::string const&, json::exception const&) override
    {
        if (why_.empty()) why_ = "not JSON at byte " + std::to_string(position);
        return false;
    }

private:
    json* place(json value)
    {
        if (open_.empty()) {
            root_ = std::move(value);
            return &root_;
        }
        auto& parent = *open_.back();
        if (parent.is_array()) {
            parent.push_back(std::move(value));
            return &parent.back();
        }
        auto& slot = parent[key_];
        slot = std::move(value);
        return &slot;
    }
    bool add(json value)
    {
        if (open_.empty()) return refuse("the body must be one object");
        place(std::move(value));
        return true;
    }
    bool open(json value)
    {
        if (open_.empty() && !value.is_object()) return refuse("the body must be one object");
        if (open_.size() == json_depth_max) return refuse("nested deeper than " + std::to_string(json_depth_max));
        // A pointer into an array stays good: while it is on the stack nothing is appended to the array that holds it.
        open_.push_back(place(std::move(value)));
        return true;
    }
    bool close()
    {
        open_.pop_back();
        return true;
    }
    bool refuse(std::string why)
    {
        why_ = std::move(why);
        return false;
    }

    json root_;
    std::vector<json*> open_;
    std::string key_;
    std::string why_;
};

Result<std::string> read_text(json const& value, std::size_t characters_max, std::string pointer)
{
    if (!value.is_string()) return fail(Errc::wrong_type, "must be a text", std::move(pointer));
    CHO_TRY(auto text, to_nfc(value.get_ref<std::string const&>()));
    if (count_code_points(text) > characters_max) {
        return fail(Errc::text_too_long, "at most " + std::to_string(characters_max) + " characters",
                    std::move(pointer));
    }
    // PostgreSQL cannot store U+0000, and no memo needs a control character.
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
    }
    return text;
}

}  // namespace

std::string shown(std::string_view text)
{
    constexpr std::size_t bytes_max = 40;
    if (text.size() <= bytes_max) return std::string(text);
    std::size_t end = bytes_max;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "…";
}

Result<json> parse_strict_json(std::string_view bytes)
{
    if (bytes.size() > body_bytes_max) return fail(Errc::body_too_large, "a notification has at most 1 MiB");
    if (!is_valid_utf8(bytes)) return fail(Errc::invalid_utf8, "the body is not UTF-8");
    Builder builder;
    if (!json::sax_parse(bytes.begin(), bytes.end(), &builder)) return fail(Errc::invalid_json, builder.why());
    return builder.take();
}

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
    if (count <= 0) return fail(Errc::amount_not_positive, "must be more than 0 VND", pointer_to(name));
    if (Dong(count) > qr_pay::amount_max)
        return fail(Errc::amount_overflow, "has more than 13 digits", pointer_to(name));
    return Dong(count);
}

}  // namespace cho40::rails
