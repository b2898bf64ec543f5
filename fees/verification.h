#pragma once
#include "base/uuid.h"
#include <optional>
#include <string>
#include <string_view>

namespace cho40::fees {

// A code that opens a notice or a receipt without signing in: 12 characters of 23456789ABCDEFGHJKMNPQRSTVWXYZ, eleven of
// them random (54 bits) and the last a check character, so that a slip of the finger is told from a code that does not
// exist. Written in groups of four; read in any case, with or without dashes and spaces.
class LookupCode {
public:
    static constexpr std::size_t length = 12;

    [[nodiscard]] static LookupCode draw(Random& random);
    // Nothing when it is not twelve characters of the alphabet or the check character does not fit.
    [[nodiscard]] static std::optional<LookupCode> parse(std::string_view text);

    [[nodiscard]] std::string const& text() const { return text_; }   // "K7M2PQ94XYTB"
    [[nodiscard]] std::string grouped() const;                        // "K7M2-PQ94-XYTB"

    friend auto operator<=>(LookupCode const&, LookupCode const&) = default;

private:
    explicit LookupCode(std::string text) : text_(std::move(text)) {}
    std::string text_;
};

}  // namespace cho40::fees
