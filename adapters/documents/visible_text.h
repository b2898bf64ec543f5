#pragma once
#include <string>
#include <string_view>

namespace cho40::documents {

// A text of somebody else's as it may stand on a paper: characters that nobody sees, that break the line or that turn the order
// of what follows around are shown by their numbers, <U+202E>. Pre: valid UTF-8.
[[nodiscard]] std::string visible_text(std::string_view text);

}  // namespace cho40::documents
