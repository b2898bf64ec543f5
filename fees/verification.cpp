#include "fees/verification.h"
#include <array>

namespace cho40::fees {
namespace {

constexpr std::string_view alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
static_assert(alphabet.size() == 30);

// Luhn's rule in base 30: every single wrong character and nearly every swap of neighbours is seen.
char check_character(std::string_view body)
{
    std::size_t sum = 0;
    bool doubled = true;
    for (auto i = body.size(); i-- > 0; doubled = !doubled) {
        auto value = alphabet.find(body[i]);
        if (doubled) {
            value *= 2;
            value = value / alphabet.size() + value % alphabet.size();
        }
        sum += value;
    }
    return alphabet[(alphabet.size() - sum % alphabet.size()) % alphabet.size()];
}

}  // namespace

LookupCode LookupCode::draw(Random& random)
{
    std::string text;
    while (text.size() < length - 1) {
        std::uint8_t byte = 0;
        random.fill(&byte, 1);
        if (byte < 240) text += alphabet[byte % alphabet.size()];  // 240 = 8 × 30: every character as likely as the next
    }
    text += check_character(text);
    return LookupCode(std::move(text));
}

std::optional<LookupCode> LookupCode::parse(std::string_view input)
{
    std::string text;
    for (char c : input) {
        if (c == '-' || c == ' ') continue;
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
        if (alphabet.find(c) == alphabet.npos || text.size() == length) return std::nullopt;
        text += c;
    }
    if (text.size() != length || text.back() != check_character(std::string_view(text).substr(0, length - 1))) return std::nullopt;
    return LookupCode(std::move(text));
}

std::string LookupCode::grouped() const { return text_.substr(0, 4) + '-' + text_.substr(4, 4) + '-' + text_.substr(8); }

}  // namespace cho40::fees
