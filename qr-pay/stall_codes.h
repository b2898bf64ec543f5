#pragma once
#include "base/result.h"
#include <string>
#include <string_view>
#include <vector>

namespace cho40::qr_pay {

// What an acquirer agreed with a stall so that it is paid as a merchant (QRPUSH, "VIETQRPay"): the only code that foreign
// apps can pay.
struct MerchantTerms {
    std::string acquirer_bin;  // six digits
    std::string merchant_id;   // given by the acquirer, 1 to 19 letters and digits
    std::string mcc;           // ISO 18245, four digits
    std::string name;          // 59: 1 to 25 characters once plain
    std::string city;          // 60: 1 to 15 characters once plain

    friend bool operator==(MerchantTerms const&, MerchantTerms const&) = default;
};

// Everything that is wrong, each member once; `pointer` is "/" and the member's name. Texts that are not UTF-8 too.
[[nodiscard]] std::vector<FieldError> faults_of(MerchantTerms const& terms);

// What stands on a stall's sign. The memo names the stall, so that money without an order code still says where it was paid.
[[nodiscard]] std::string sign_memo(std::string_view stall_number);  // "SAP 12". Pre: valid UTF-8

// The static codes of a sign: no amount, used again and again. Errors as encode() has them.
[[nodiscard]] Result<std::string> transfer_sign_code(std::string const& bin, std::string const& account, std::string_view memo);
[[nodiscard]] Result<std::string> merchant_sign_code(MerchantTerms const& terms, std::string_view memo);

}  // namespace cho40::qr_pay
