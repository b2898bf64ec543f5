#pragma once
#include "base/result.h"
#include "base/time.h"
#include <optional>
#include <string>
#include <string_view>

namespace cho40::documents {

// The sign that hangs at a stall: who is paid, the codes large and sharp, what to do, in Vietnamese and English.

enum class SignSize { a5, a6 };
[[nodiscard]] std::optional<SignSize> sign_size_named(std::string_view name);  // "A5", "A6"

struct StallSign {
    std::string stall;          // its name; "" where the code is nobody's in particular
    std::string alias;          // how it is called in the market, "Sạp 12"; "" where none
    std::string market;         // "" where none
    std::string transfer_code;  // what Vietnamese bank apps pay (QRIBFTTA)
    std::string merchant_code;  // what foreign apps pay too (QRPUSH). One of the two may be ""
};

// One page, text that can be selected, fonts within. Names of any length are shown whole. The same sign, size and day give
// the same bytes. The bank and the end of the account's number are read from the code itself, so that they cannot contradict
// it. Errors: invalid_input (no code, or one that is not an ASCII VietQR code of its kind; pointer names the member),
// invalid_utf8, internal_error.
[[nodiscard]] Result<std::string> stall_sign_pdf(StallSign const& sign, SignSize size, Day printed_on);

}  // namespace cho40::documents
