#pragma once
#include "base/result.h"
#include <string_view>

namespace cho40::qr_pay {

// What a VietQR code can carry of an account at a bank.
[[nodiscard]] bool is_bank_bin(std::string_view text);        // six digits
[[nodiscard]] bool is_account_number(std::string_view text);  // 1 to 19 letters and digits

// Of an account somebody registers. Error: invalid_input with a pointer into /receiving_account.
[[nodiscard]] Result<Done> check_receiving_account(std::string_view bank_bin, std::string_view account_number);

}  // namespace cho40::qr_pay
