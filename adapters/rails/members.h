#pragma once
#include "base/dong.h"
#include "base/result.h"
#include "base/time.h"
#include "qr-pay/bank_credit.h"
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace cho40::rails {

inline constexpr std::size_t body_bytes_max = 1 << 20;

// One JSON object as a provider sends it, with nothing in it that two readers could understand differently: strict JSON
// (adapters/strict_json) whose numbers are whole. Errors: body_too_large, invalid_utf8, invalid_json.
[[nodiscard]] Result<nlohmann::json> parse_notification(std::string_view bytes);

// A text from outside as it may be kept: NFC, control characters as spaces. Errors: invalid_utf8, text_too_long (counted in
// code points).
[[nodiscard]] Result<std::string> kept_text(std::string_view text, std::size_t characters_max, std::string pointer);

// What a number of đồng may be. Errors: amount_not_positive, amount_overflow (over 13 digits).
[[nodiscard]] Result<Dong> moved_amount(std::int64_t count, std::string pointer);

// An amount whose sign says which way the money went.
struct Moved {
    qr_pay::Direction direction;
    Dong amount;
};

// Reads the members of one object with the place of what is wrong. Unknown members are left alone: a provider that adds
// one must not stop money from being heard of. Texts come out in NFC, and control characters as spaces.
class Members {
public:
    // `pointer` is the JSON Pointer of the object, "" for the top. The object must outlive this.
    Members(nlohmann::json const& object, std::string pointer) : object_(object), pointer_(std::move(pointer)) {}

    // Errors: required, wrong_type, text_too_long (counted in code points).
    [[nodiscard]] Result<std::string> text(std::string_view name, std::size_t characters_max) const;
    // "" when absent or null.
    [[nodiscard]] Result<std::string> optional_text(std::string_view name, std::size_t characters_max) const;
    // Errors: required, wrong_type.
    [[nodiscard]] Result<std::int64_t> whole(std::string_view name) const;
    // đồng of one transfer. Errors: required, wrong_type, amount_not_positive, amount_overflow (over 13 digits).
    [[nodiscard]] Result<Dong> amount(std::string_view name) const;

    // Below zero is money that went out. Errors: as amount().
    [[nodiscard]] Result<Moved> moved(std::string_view name) const;
    // Nothing when absent or null. Error: wrong_type.
    [[nodiscard]] Result<std::optional<std::int64_t>> optional_whole(std::string_view name) const;
    // A number of whole đồng, however it is written: 18067000, "18067000", "18067000.00", "-5000". Nothing when absent, null
    // or "". Errors: wrong_type (also a fraction that is not zero), amount_overflow (beyond 64 bits).
    [[nodiscard]] Result<std::optional<std::int64_t>> optional_decimal(std::string_view name) const;
    // Providers of bank transfers do not name the currency; one that does and means another is refused.
    // Error: currency_not_vnd.
    [[nodiscard]] Result<Done> only_vnd(std::string_view name = "currency") const;
    // The text of a member as it was signed: a text byte for byte, a whole number as printed. Errors: required, wrong_type.
    [[nodiscard]] Result<std::string> as_signed(std::string_view name) const;
    // A moment as "YYYY-MM-DD HH:mm:ss" of Vietnam. Errors: required, wrong_type, invalid_date.
    [[nodiscard]] Result<Instant> local_time(std::string_view name) const;
    // Like text(), and not blank; spaces around it are dropped. Error: required when blank.
    [[nodiscard]] Result<std::string> id(std::string_view name, std::size_t characters_max) const;

    [[nodiscard]] std::string pointer_to(std::string_view name) const;

private:
    [[nodiscard]] nlohmann::json const* find(std::string_view name) const;

    nlohmann::json const& object_;
    std::string pointer_;
};

}  // namespace cho40::rails
