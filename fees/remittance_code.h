#pragma once
#include "base/result.h"
#include "base/uuid.h"
#include <compare>
#include <string>
#include <string_view>

namespace cho40::fees {

// The reference number of an order to pay into the State budget: made once, and never changed on the way from the collector
// through its bank to the treasury (NĐ 347/2025, form 02). Like an order code (qr-pay/order_code.h) nine characters, six
// of them drawn at random from an alphabet that survives being read aloud and one ISO 7064 MOD 37,36 check character; but
// it begins with "NS" (ngân sách), so that no reader of payers' memos takes one for the other.
class RemittanceCode {
public:
    static constexpr std::string_view prefix = "NS";
    static constexpr std::size_t length = 9;

    [[nodiscard]] static RemittanceCode draw(Random& random);
    // Accepts exactly what text() gives. Error: invalid_input.
    [[nodiscard]] static Result<RemittanceCode> parse(std::string_view text);

    [[nodiscard]] std::string const& text() const { return text_; }

    // Whether a bank's narrative carries it whole: in either case, with anything glued to it, broken by spaces or signs.
    [[nodiscard]] bool is_in(std::string_view narrative) const;

    friend auto operator<=>(RemittanceCode const&, RemittanceCode const&) = default;

private:
    explicit RemittanceCode(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace cho40::fees
