#include "adapters/documents/visible_text.h"
#include <algorithm>
#include <array>
#include <cstdint>
#include <fmt/format.h>

namespace cho40::documents {
namespace {

struct Range {
    char32_t first, last;
};
constexpr std::array hidden{
    Range{0x00, 0x1F},     Range{0x7F, 0x9F},     // controls
    Range{0xAD, 0xAD},                             // a hyphen that is mostly not there
    Range{0x61C, 0x61C},                           // the marks, embeddings, overrides and isolates of direction
    Range{0x200B, 0x200F}, Range{0x2028, 0x202E},  // with the separators of lines and paragraphs
    Range{0x2060, 0x206F}, Range{0xFEFF, 0xFEFF}, Range{0xFFF9, 0xFFFB}, Range{0xE0000, 0xE007F},
};

struct Character {
    char32_t value;
    std::size_t bytes;
};
Character first_of(std::string_view utf8)
{
    auto const byte = [utf8](std::size_t i) { return static_cast<std::uint8_t>(utf8[i]); };
    std::size_t const bytes = byte(0) < 0x80 ? 1 : byte(0) < 0xE0 ? 2 : byte(0) < 0xF0 ? 3 : 4;
    char32_t value = bytes == 1 ? byte(0) : byte(0) & (0xFFU >> (bytes + 1));
    for (std::size_t i = 1; i < bytes && i < utf8.size(); ++i) value = value << 6 | (byte(i) & 0x3FU);
    return {value, std::min(bytes, utf8.size())};
}

}  // namespace

std::string visible_text(std::string_view text)
{
    std::string out;
    while (!text.empty()) {
        auto const [value, bytes] = first_of(text);
        bool const shown = std::ranges::none_of(hidden, [value](Range r) { return value >= r.first && value <= r.last; });
        out += shown ? std::string(text.substr(0, bytes)) : fmt::format("<U+{:04X}>", static_cast<std::uint32_t>(value));
        text.remove_prefix(bytes);
    }
    return out;
}

}  // namespace cho40::documents
