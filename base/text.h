#pragma once
#include "base/result.h"
#include <string>
#include <string_view>

namespace cho40 {

[[nodiscard]] bool is_valid_utf8(std::string_view text);
// The first line that is not valid UTF-8, counted from 1. Pre: there is one.
[[nodiscard]] std::size_t invalid_utf8_line(std::string_view text);

// Unicode NFC. Error: invalid_utf8. Everything that is stored or signed goes through here first.
[[nodiscard]] Result<std::string> to_nfc(std::string_view text);

// Number of Unicode code points. Pre: valid UTF-8.
[[nodiscard]] std::size_t count_code_points(std::string_view utf8);

// "Sạp cá Bà Thế, đường" -> "Sap ca Ba The, duong". NFD, drops U+0300..U+036F, then đ -> d (đ does not decompose).
// Pre: valid UTF-8. Other characters stay.
[[nodiscard]] std::string strip_accents(std::string_view utf8);

// Accents stripped, upper case, and nothing left but A-Z and 0-9: the form in which bank narratives are compared.
[[nodiscard]] std::string squeeze(std::string_view utf8);
void append_squeezed(std::string& out, std::string_view utf8);  // the same at the end of another text

// Accents stripped, lower case, runs of white space made one: the form in which names are searched.
[[nodiscard]] std::string fold_for_search(std::string_view utf8);

[[nodiscard]] std::string to_ascii_upper(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);  // ASCII white space and NO-BREAK SPACE

// 45000 -> "45.000 đ", the way money is written on every page. Negative amounts carry a leading minus.
[[nodiscard]] std::string dong_text(std::int64_t dong);

}  // namespace cho40
