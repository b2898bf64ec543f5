#include "adapters/strict_json/strict_json.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::strict_json {
namespace {

using nlohmann::json;

// Builds the value while the text is being read, and stops at what plain parsing lets pass.
class Builder {
public:
    explicit Builder(Numbers numbers) : numbers_(numbers) {}

    json document;
    std::string why;
    std::size_t where = 0;  // byte of a syntax error, 0 when unknown

    bool null() { return put(nullptr); }
    bool boolean(bool v) { return put(v); }
    bool number_integer(json::number_integer_t v) { return put(v); }
    bool number_unsigned(json::number_unsigned_t v)
    {
        if (numbers_ == Numbers::whole && v > static_cast<json::number_unsigned_t>(INT64_MAX)) return refuse_number(std::to_string(v));
        return put(v);
    }
    bool number_float(json::number_float_t v, json::string_t const& token)
    {
        return numbers_ == Numbers::whole ? refuse_number(token) : put(v);
    }
    bool string(json::string_t& v) { return put(std::move(v)); }
    bool binary(json::binary_t&) { return refuse("binary values are not JSON"); }
    bool start_object(std::size_t) { return open(json::object()); }
    bool start_array(std::size_t) { return open(json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(json::string_t& name)
    {
        auto const [at, fresh] = open_.back()->get_ref<json::object_t&>().emplace(std::move(name), nullptr);
        if (!fresh) return refuse("the member \"" + shown(at->first) + "\" is there twice");
        member_ = &at->second;
        return true;
    }

    bool parse_error(std::size_t position, std::string const&, json::exception const& error)
    {
        where = position;
        // 406: a number too large for a double. Everything else is syntax.
        return refuse(error.id == 406 ? "a number is too large" : "not well-formed JSON");
    }

private:
    json* place(json value)
    {
        if (open_.empty()) {
            document = std::move(value);
            return &document;
        }
        if (member_) {
            auto* const at = std::exchange(member_, nullptr);
            *at = std::move(value);
            return at;
        }
        auto& array = open_.back()->get_ref<json::array_t&>();
        array.push_back(std::move(value));
        return &array.back();
    }
    template <class T>
    bool put(T&& value)
    {
        place(json(std::forward<T>(value)));
        return true;
    }
    bool open(json value)
    {
        if (open_.size() == depth_max) return refuse("nested deeper than " + std::to_string(depth_max) + " levels");
        open_.push_back(place(std::move(value)));
        return true;
    }
    bool close()
    {
        open_.pop_back();
        return true;
    }
    bool refuse_number(std::string_view token) { return refuse(shown(token) + " is not a whole number within 64 bits"); }
    bool refuse(std::string words)
    {
        why = std::move(words);
        return false;
    }

    Numbers numbers_;
    // Addresses stay: an array grows only while its own last element is closed, an object is a std::map.
    std::vector<json*> open_;
    json* member_ = nullptr;
};

// " at line 3, column 14" of a byte position that counts from 1.
std::string place_of(std::string_view text, std::size_t position)
{
    if (position == 0) return {};
    auto const before = text.substr(0, std::min(position - 1, text.size()));
    auto const line = 1 + std::ranges::count(before, '\n');
    auto const start = before.rfind('\n');
    auto const column = start == std::string_view::npos ? before.size() + 1 : before.size() - start;
    return " at line " + std::to_string(line) + ", column " + std::to_string(column);
}

}  // namespace

Result<json> parse(std::string_view text, Numbers numbers)
{
    Builder builder(numbers);
    if (!json::sax_parse(text.begin(), text.end(), &builder)) {
        auto words = builder.why.empty() ? std::string("not well-formed JSON") : builder.why;
        return fail(Errc::invalid_json, std::move(words) + place_of(text, builder.where));
    }
    return std::move(builder.document);
}

std::string pointer(std::string_view object, std::string_view name)
{
    std::string out(object);
    out += '/';
    for (char c : name) {
        if (c == '~') out += "~0";
        else if (c == '/') out += "~1";
        else out += c;
    }
    return out;
}

std::string shown(std::string_view text)
{
    constexpr std::size_t bytes_max = 40;
    if (text.size() <= bytes_max) return std::string(text);
    std::size_t end = bytes_max;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
    return std::string(text.substr(0, end)) + "…";
}

}  // namespace cho40::strict_json
