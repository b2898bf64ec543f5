#pragma once
#include "base/dong.h"
#include "base/time.h"
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <string_view>

namespace cho40::tax_gateway {

// One JSON value of a file, of standard input or of a gateway: strict JSON (adapters/strict_json).
// Errors: invalid_json, invalid_utf8.
[[nodiscard]] Result<nlohmann::json> parse_strict_json(std::string_view text);

// Reads the members of one object: whole numbers are whole, texts are NFC, and what was not asked for is refused at the
// end. Errors: invalid_input with the JSON Pointer, unknown_field, amount_overflow, invalid_date.
class JsonObject {
public:
    [[nodiscard]] static Result<JsonObject> of(nlohmann::json const& value, std::string at);

    // Nothing when the member is absent or null.
    [[nodiscard]] Result<std::optional<Dong>> optional_dong(char const* name);  // >= 0
    [[nodiscard]] Result<std::optional<std::int64_t>> optional_whole(char const* name, std::int64_t min, std::int64_t max);
    [[nodiscard]] Result<std::optional<std::string>> optional_text(char const* name, std::size_t bytes_max = 1000);
    [[nodiscard]] Result<std::optional<bool>> optional_flag(char const* name);
    [[nodiscard]] Result<std::optional<Day>> optional_day(char const* name);

    [[nodiscard]] Result<Dong> dong(char const* name);
    [[nodiscard]] Result<std::int64_t> whole(char const* name, std::int64_t min, std::int64_t max);
    [[nodiscard]] Result<std::string> text(char const* name, std::size_t bytes_max = 1000);
    [[nodiscard]] Result<Day> day(char const* name);

    [[nodiscard]] Result<std::string> text_or(char const* name, std::string_view otherwise, std::size_t bytes_max = 1000);
    [[nodiscard]] Result<bool> flag_or(char const* name, bool otherwise);
    [[nodiscard]] Result<Dong> dong_or_zero(char const* name);

    // Any JSON; null pointer when absent.
    [[nodiscard]] nlohmann::json const* any(char const* name);
    // An array with at most `count_max` items. Absent: null pointer.
    [[nodiscard]] Result<nlohmann::json const*> optional_array(char const* name, std::size_t count_max);
    void ignore(char const* name) { asked_.insert(name); }

    [[nodiscard]] Result<Done> finish() const;
    [[nodiscard]] std::string pointer(std::string_view name) const;

private:
    JsonObject(nlohmann::json const& value, std::string at) : value_(&value), at_(std::move(at)) {}
    [[nodiscard]] tl::unexpected<Error> required(char const* name) const;

    nlohmann::json const* value_;
    std::string at_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace cho40::tax_gateway
