#pragma once
#include "qr-pay/order_code.h"
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace cho40::qr_pay {

// Finds order codes in what banks make of a payer's memo. Measured on 256 000 statement lines: case survives mostly,
// accents do not, wrappers are put around the text, one bank breaks words by a space about every 40 columns, some glue
// their own reference to the end. Digits in wrappers collide with numeric codes: that is why ours have letters and a
// check character.

enum class MemoResult { match, none, ambiguous, suggest };
[[nodiscard]] std::string_view name_of(MemoResult result);

// Characters of a narrative, counted in code points of the text as it was told (bytes that are not UTF-8 count one each).
struct MemoSpan {
    std::uint32_t from = 0;
    std::uint32_t length = 0;

    friend bool operator==(MemoSpan const&, MemoSpan const&) = default;
};

struct MemoReading {
    MemoResult result = MemoResult::none;
    // match, suggest: one; ambiguous: two or more, in the order they stand in the text; none: none.
    std::vector<std::string> codes;
    std::vector<MemoSpan> spans;  // where each of them stands (the first place), what breaks it included
    std::string why;  // suggest: what keeps it from being a match, in English
};

// `is_known` says whether an order with this code exists for the receiving account; it is asked only about texts shaped
// like codes (CQ and seven of A-Z 0-9). A code counts when it stands in the text with at most one break inside (spaces,
// signs), in either case, with anything glued before or after, and not only among the account holders' names that a
// bank appends ("CT tu … toi …", whole or cut off). Two known codes are ambiguous: never guess.
//
// suggest, when nothing matches and exactly one known code is nearly there: broken more than once, or cut off by the
// end of the text right before its check character. A person confirms.
//
// Any bytes are allowed: what is not UTF-8 counts as a break.
[[nodiscard]] MemoReading extract_codes(std::string_view narrative, std::function<bool(std::string_view)> const& is_known);

// The same search when the orders stand elsewhere: every well-formed code with the right check character that could be
// meant, so that the caller can look them up and pass the answers to extract_codes. Those of suggestions included.
[[nodiscard]] std::vector<OrderCode> codes_to_look_up(std::string_view narrative);

}  // namespace cho40::qr_pay
