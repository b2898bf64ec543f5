#include "base/short_text.h"
#include "base/check.h"
#include <limits>

namespace cho40 {

void ShortText::set(std::string_view text)
{
    if (text.size() <= inside_max) {
        if (!text.empty()) std::memcpy(raw_.data(), text.data(), text.size());
        raw_[15] = static_cast<char>(text.size());
        return;
    }
    CHO_CHECK(text.size() <= std::numeric_limits<std::uint32_t>::max());
    auto* const copy = new char[text.size()];
    std::memcpy(copy, text.data(), text.size());
    auto const size = static_cast<std::uint32_t>(text.size());
    std::memcpy(raw_.data(), &copy, sizeof copy);
    std::memcpy(raw_.data() + sizeof copy, &size, sizeof size);
    raw_[15] = elsewhere;
}

}  // namespace cho40
