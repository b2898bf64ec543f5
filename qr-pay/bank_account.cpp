#include "qr-pay/bank_account.h"
#include <algorithm>

namespace cho40::qr_pay {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter_or_digit(char c) { return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }

}  // namespace

bool is_bank_bin(std::string_view text) { return text.size() == 6 && std::ranges::all_of(text, is_digit); }

bool is_account_number(std::string_view text)
{
    return !text.empty() && text.size() <= 19 && std::ranges::all_of(text, is_letter_or_digit);
}

Result<Done> check_receiving_account(std::string_view bank_bin, std::string_view account_number)
{
    if (!is_bank_bin(bank_bin)) return fail(Errc::invalid_input, "a bank's BIN has six digits", "/receiving_account/bank_bin");
    if (!is_account_number(account_number)) {
        return fail(Errc::invalid_input, "an account number has 1 to 19 letters and digits", "/receiving_account/account_number");
    }
    return Done{};
}

}  // namespace cho40::qr_pay
