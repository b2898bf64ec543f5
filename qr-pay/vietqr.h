#pragma once
#include "base/dong.h"
#include "base/result.h"
#include "qr-pay/order_code.h"
#include <optional>
#include <string>
#include <string_view>

namespace cho40::qr_pay {

// What a VietQR code is for (38-02). QRIBFTTA is the everyday transfer to an account; foreign apps can pay QRPUSH only.
enum class QrService { transfer_to_account, transfer_to_card, merchant_payment, cash };
[[nodiscard]] std::string_view name_of(QrService service);  // "QRIBFTTA", "QRIBFTTC", "QRPUSH", "QRCASH"
[[nodiscard]] std::optional<QrService> qr_service_named(std::string_view name);

// What goes into a VietQR payload. Texts may carry accents: they are written in plain ASCII, because bank apps and
// their servers disagree about the length and the checksum of anything else.
struct QrRequest {
    QrRequest(std::string acquirer, std::string account_number) : bin(std::move(acquirer)), account(std::move(account_number)) {}

    std::string bin;      // acquirer, six digits
    std::string account;  // 1 to 19 letters and digits
    QrService service = QrService::transfer_to_account;
    std::optional<Dong> amount;   // 1 .. 9 999 999 999 999. Absent: the payer types it, and the code is static
    std::string memo;             // 62-08, at most 25 characters once plain: letters, digits, spaces
    std::string name;             // 59, at most 25; needed for QRPUSH and QRCASH
    std::string city;             // 60, at most 15; needed for QRPUSH and QRCASH
    std::string mcc;              // 52, four digits; "0000" where needed and not given
    std::string reference_label;  // 62-05, needed for QRCASH
    std::string terminal_label;   // 62-07, needed for QRCASH
};

// IDs ascend, because a few apps are fragile. Errors, all with the member as JSON Pointer: invalid_input,
// amount_not_positive, amount_overflow, text_too_long, invalid_utf8.
[[nodiscard]] Result<std::string> encode(QrRequest const& request);

inline constexpr std::size_t memo_characters_max = 25;  // many apps cut exactly here

// The memo of an order: the code first, so that a cut takes the text and not the code, then as many whole words of
// `text` as fit. Pre: text is valid UTF-8.
[[nodiscard]] std::string memo_for(OrderCode const& code, std::string_view text);

// Letters, digits and single spaces: accents taken off, everything else made a space. Pre: valid UTF-8.
[[nodiscard]] std::string plain_words(std::string_view text);

}  // namespace cho40::qr_pay
