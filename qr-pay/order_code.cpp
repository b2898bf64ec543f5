#include "qr-pay/order_code.h"
#include "base/check.h"

namespace cho40::qr_pay {
namespace {

int value_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    CHO_CHECK(c >= 'A' && c <= 'Z');
    return c - 'A' + 10;
}

bool in_alphabet(char c) { return OrderCode::alphabet.find(c) != std::string_view::npos; }

}  // namespace

OrderCode OrderCode::draw(Random& random)
{
    // 240 is the largest multiple of 30 that fits a byte: higher bytes would make the first characters likelier.
    constexpr int fair = 256 / static_cast<int>(alphabet.size()) * static_cast<int>(alphabet.size());
    for (;;) {
        std::string text(prefix);
        while (text.size() < length - 1) {
            std::uint8_t byte = 0;
            random.fill(&byte, 1);
            if (byte < fair) text += alphabet[byte % alphabet.size()];
        }
        char const check = check_character_37_36(text);
        if (in_alphabet(check)) return OrderCode(text + check);
    }
}

Result<OrderCode> OrderCode::parse(std::string_view text)
{
    if (text.size() != length || !text.starts_with(prefix)) {
        return fail(Errc::invalid_input, "an order code is CQ and seven more characters");
    }
    for (char c : text.substr(prefix.size())) {
        if (!in_alphabet(c)) return fail(Errc::invalid_input, "an order code holds only " + std::string(alphabet));
    }
    if (check_character_37_36(text.substr(0, length - 1)) != text.back()) {
        return fail(Errc::invalid_input, "the check character of the order code does not fit: it was mistyped");
    }
    return OrderCode(std::string(text));
}

char check_character_37_36(std::string_view text)
{
    constexpr std::string_view characters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    int product = 36;
    for (char c : text) {
        int sum = (product + value_of(c)) % 36;
        if (sum == 0) sum = 36;
        product = sum * 2 % 37;
    }
    // The check value c makes (product + c) mod 36 equal to 1.
    return characters[static_cast<std::size_t>((37 - product) % 36)];
}

}  // namespace cho40::qr_pay
