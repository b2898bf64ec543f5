#pragma once
#include "base/result.h"
#include "base/uuid.h"
#include <compare>
#include <string>
#include <string_view>

namespace cho40::qr_pay {

// The reference of a payment request that travels through banks in the payer's memo: nine characters, "CQ", six drawn
// at random, and one ISO 7064 MOD 37,36 check character over the first eight. All seven after "CQ" come from an
// alphabet without I, L, O, U, 0 and 1, so that it survives being read aloud or typed. Nine is what the tightest rail
// carries (payOS for accounts that are not linked through it). Random, because a code that can be guessed lets a payer
// close somebody else's order. Unique per receiving account for ever; the store sees to that.
class OrderCode {
public:
    static constexpr std::string_view prefix = "CQ";
    static constexpr std::string_view alphabet = "23456789ABCDEFGHJKMNPQRSTVWXYZ";
    static constexpr std::size_t length = 9;

    // Draws until the check character lies in the alphabet too (5 of 6 draws do).
    [[nodiscard]] static OrderCode draw(Random& random);

    // Accepts exactly what text() gives: upper case, no spaces. Error: invalid_input.
    [[nodiscard]] static Result<OrderCode> parse(std::string_view text);

    [[nodiscard]] std::string const& text() const { return text_; }

    friend auto operator<=>(OrderCode const&, OrderCode const&) = default;

private:
    explicit OrderCode(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

// ISO 7064 MOD 37,36 over 0-9 A-Z (hybrid system): the one character that closes `text`.
// Pre: only 0-9 and A-Z. Finds every single wrong character and nearly every exchange of two neighbours.
[[nodiscard]] char check_character_37_36(std::string_view text);

}  // namespace cho40::qr_pay
