#include "fees/remittance_code.h"
#include "base/text.h"
#include "qr-pay/order_code.h"

namespace cho40::fees {
namespace {

constexpr std::string_view alphabet = qr_pay::OrderCode::alphabet;

bool in_alphabet(char c) { return alphabet.find(c) != std::string_view::npos; }

}  // namespace

RemittanceCode RemittanceCode::draw(Random& random)
{
    // The largest multiple of the alphabet's size that fits a byte: higher bytes would make the first characters likelier.
    constexpr int fair = 256 / static_cast<int>(alphabet.size()) * static_cast<int>(alphabet.size());
    for (;;) {
        std::string text(prefix);
        while (text.size() < length - 1) {
            std::uint8_t byte = 0;
            random.fill(&byte, 1);
            if (byte < fair) text += alphabet[byte % alphabet.size()];
        }
        char const check = qr_pay::check_character_37_36(text);
        if (in_alphabet(check)) return RemittanceCode(text + check);
    }
}

Result<RemittanceCode> RemittanceCode::parse(std::string_view text)
{
    if (text.size() != length || !text.starts_with(prefix))
        return fail(Errc::invalid_input, "the reference of a payment to the budget is NS and seven more characters");
    for (char c : text.substr(prefix.size())) {
        if (!in_alphabet(c)) return fail(Errc::invalid_input, "the reference holds only " + std::string(alphabet));
    }
    if (qr_pay::check_character_37_36(text.substr(0, length - 1)) != text.back())
        return fail(Errc::invalid_input, "the check character of the reference does not fit: it was mistyped");
    return RemittanceCode(std::string(text));
}

bool RemittanceCode::is_in(std::string_view narrative) const
{
    if (!is_valid_utf8(narrative)) return to_ascii_upper(narrative).find(text_) != std::string::npos;
    return squeeze(narrative).find(text_) != std::string::npos;
}

}  // namespace cho40::fees
