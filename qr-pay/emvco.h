#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace cho40::qr_pay {

// Reads EMVCo merchant-presented QR payloads (EMV QRCPS MPM 1.1, NAPAS QR Switching part IV v1.5.2), VietQR and its
// neighbours. Lenient where codes in the country deviate (a warning in `issues`), strict where two readings of one code
// would send money to two places (an error).

// Why a payload is refused. The names are the contract of `cho40 qr decode`.
enum class QrFault {
    tlv_malformed,
    zero_length,
    order,
    crc_missing,
    crc_not_last,
    duplicate_id,
    crc_bad_length,
    crc_not_hex,
    crc_mismatch,
    unsupported_version,
    bad_initiation,
    nested_malformed,
    mandatory_missing,
    bad_format,
    bad_length,
    bad_service,
    bad_amount,
    tip_rule,
};
[[nodiscard]] std::string_view name_of(QrFault fault);

struct QrRefusal {
    QrFault fault;
    // The last four characters are the CRC of all that precedes them, whatever else is wrong: the picture was read
    // rightly, the one who made it was wrong.
    bool crc_ok;
};

enum class Initiation { static_code, dynamic_code, absent };
enum class Scheme { vietqr, vnpayqr, promptpay, paynow, khqr, other, primitive };
[[nodiscard]] std::string_view name_of(Initiation initiation);  // "static", "dynamic", "absent"
[[nodiscard]] std::string_view name_of(Scheme scheme);          // "VIETQR", …, "PRIMITIVE"

// Sub-ID and value, in the order of the payload.
using SubObjects = std::vector<std::pair<std::string, std::string>>;

// Merchant account information, IDs 02-51. Which network it belongs to is said by the GUID (sub 00), not by the ID.
struct MerchantAccount {
    std::string id;
    Scheme scheme = Scheme::other;
    std::optional<std::string> guid;         // none for 02-25 and where sub 00 is missing
    std::string value;                       // primitive only
    std::string acquirer, account, service;  // VietQR only; a missing service code reads QRPUSH
    SubObjects sub;                          // every other template: what it holds beside sub 00
};

struct DecodedQr {
    SubObjects root;  // in payload order, 63 included
    std::string crc;  // upper case
    Initiation initiation = Initiation::absent;
    std::vector<MerchantAccount> merchant_accounts;
    std::optional<std::string> mcc, currency, amount, tip_indicator, fee_fixed, fee_percent, country, merchant_name, merchant_city,
        postal_code;
    std::optional<SubObjects> additional, language;  // 62, 64
    std::vector<std::pair<std::string, std::variant<SubObjects, std::string>>> unreserved;  // 80-99; text where it is no template
    std::string profile;  // "VIETQR", …, "EMV"
    std::vector<std::string> issues;  // warnings

    // The account a VietQR transfer goes to; nothing in other profiles.
    [[nodiscard]] MerchantAccount const* vietqr() const;
};

[[nodiscard]] tl::expected<DecodedQr, QrRefusal> decode_qr(std::string_view payload);

// The value of a sub-ID, or nothing.
[[nodiscard]] std::string const* find(SubObjects const& objects, std::string_view id);

}  // namespace cho40::qr_pay
