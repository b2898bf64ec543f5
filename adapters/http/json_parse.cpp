#include "adapters/http/json_reader.h"
#include "base/check.h"
#include <algorithm>
#include <nlohmann/json.hpp>

namespace cho40::http {

using nlohmann::json;

namespace {

// Builds the document while it is being read, and stops at what plain parsing lets pass: a member that is there twice
// (the last would win silently) and nesting that would overflow the stack when it is printed.
class StrictBuilder {
public:
    json document;
    std::string why;
    std::size_t where = 0;  // byte of a syntax error, 0 when unknown

    bool null() { return put(nullptr); }
    bool boolean(bool v) { return put(v); }
    bool number_integer(json::number_integer_t v) { return put(v); }
    bool number_unsigned(json::number_unsigned_t v) { return put(v); }
    bool number_float(json::number_float_t v, json::string_t const&) { return put(v); }
    bool string(json::string_t& v) { return put(std::move(v)); }
    bool binary(json::binary_t&) { return refuse("binary values are not JSON"); }
    bool start_object(std::size_t) { return open(json::object()); }
    bool start_array(std::size_t) { return open(json::array()); }
    bool end_object() { return close(); }
    bool end_array() { return close(); }

    bool key(json::string_t& name)
    {
        auto const [at, fresh] = open_.back()->get_ref<json::object_t&>().emplace(std::move(name), nullptr);
        if (!fresh) return refuse("the member \"" + at->first + "\" is there twice");
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
        if (open_.size() == json_depth_max) return refuse("nested deeper than " + std::to_string(json_depth_max) + " levels");
        open_.push_back(place(std::move(value)));
        return true;
    }
    bool close()
    {
        open_.pop_back();
        return true;
    }
    bool refuse(std::string words)
    {
        why = std::move(words);
        return false;
    }

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

Result<json> parse_json(std::string_view text)
{
    StrictBuilder builder;
    if (text.empty()) {
        return fail(Error(Errc::invalid_json, "the body is empty; send JSON").vi("Thân yêu cầu trống; cần gửi JSON."));
    }
    if (text.starts_with("\xEF\xBB\xBF")) {
        return fail(Error(Errc::invalid_json, "the body begins with a byte order mark").vi("Thân yêu cầu có dấu BOM ở đầu."));
    }
    if (!json::sax_parse(text.begin(), text.end(), &builder)) {
        auto words = builder.why.empty() ? std::string("not well-formed JSON") : builder.why;
        return fail(Errc::invalid_json, std::move(words) + place_of(text, builder.where));
    }
    return std::move(builder.document);
}

}  // namespace cho40::http
