#pragma once
#include "base/result.h"
#include <cstddef>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace cho40::strict_json {

// The parser has no limit of its own, and printing recurses.
inline constexpr std::size_t depth_max = 32;

enum class Numbers {
    any,
    whole,  // within 64 bits, and without point or exponent: a double printed as 50000.0 breaks amounts and signatures
};

// One JSON value; no object in it has a member twice (the last would win silently). Text is kept byte for byte.
// Error: invalid_json, with line and column where the syntax is wrong.
[[nodiscard]] Result<nlohmann::json> parse(std::string_view text, Numbers numbers = Numbers::any);

// The JSON Pointer (RFC 6901) of the member `name` of the object at the pointer `object`.
[[nodiscard]] std::string pointer(std::string_view object, std::string_view name);

// The line, counted from 1, in which the value at a JSON Pointer stands: that of its name, or of its first brace or
// bracket in an array. A pointer that leads nowhere gives the line of the nearest value around it: the place where the
// missing member belongs. Pre: a text that parse() took.
[[nodiscard]] std::size_t line_of(std::string_view text, std::string_view pointer);

// The beginning of a text from outside as an error may show it, cut between characters. Pre: valid UTF-8.
[[nodiscard]] std::string shown(std::string_view text);

}  // namespace cho40::strict_json
