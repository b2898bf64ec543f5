#pragma once
#include "base/result.h"
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace cho40::national_pay {

// One JSON object of the platform's, with nothing in it that two readers could understand differently. Errors: body_too_large,
// invalid_utf8, invalid_json.
[[nodiscard]] Result<nlohmann::json> read_object(std::string_view bytes);

// A member as it was signed: a text byte for byte, a whole number as printed. Errors: required, wrong_type, text_too_long.
[[nodiscard]] Result<std::string> field(nlohmann::json const& object, std::string_view name);
// "" when it is absent, or neither text nor whole number.
[[nodiscard]] std::string word(nlohmann::json const& object, std::string_view name);

// A word of the platform's as it may stand in our books and logs: NFC, no control characters, at most so many code points;
// "unreadable" when it is no text.
[[nodiscard]] std::string kept(std::string_view text, std::size_t characters_max);

// At most so many code points, cut between two of them. Pre: valid UTF-8.
[[nodiscard]] std::string cut(std::string_view text, std::size_t characters_max);

}  // namespace cho40::national_pay
