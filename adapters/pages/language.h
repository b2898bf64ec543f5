#pragma once
#include <optional>
#include <string_view>

namespace cho40::pages {

enum class Language { vi, en };

[[nodiscard]] inline std::string_view language_tag(Language language) { return language == Language::en ? "en" : "vi"; }

// From ?lang=, or the cookie it left; anything but "en" is Vietnamese.
[[nodiscard]] inline Language parse_language(std::optional<std::string_view> lang) { return lang == "en" ? Language::en : Language::vi; }

}  // namespace cho40::pages
