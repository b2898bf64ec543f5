#pragma once
#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

namespace cho40::reconcile {

// Finds known codes inside squeezed narratives: one look at each position for every length that codes have, never a
// comparison with every code. A code is found only whole; what was cut or mistyped is not found.
class CodeFinder {
public:
    // Codes are upper-case letters and digits; duplicates and codes shorter than `shortest` are left out: a short one
    // would be found by accident. The texts must outlive the finder.
    CodeFinder(std::vector<std::string_view> codes, std::size_t shortest);

    // The distinct codes in a narrative, ascending.
    [[nodiscard]] std::vector<std::string_view> find(std::string_view squeezed) const;
    // The same without codes that appear only inside a longer one: batch 20261116A in a text with 20261116A2.
    [[nodiscard]] std::vector<std::string_view> find_longest(std::string_view squeezed) const;
    // The code a text is, or nothing.
    [[nodiscard]] std::string_view known(std::string_view text) const;

private:
    struct Hit {
        std::size_t begin;
        std::string_view code;
    };
    [[nodiscard]] std::vector<Hit> hits(std::string_view squeezed) const;

    // A table of places in codes_ with a part of each code's hash beside it, so that a look that finds nothing, as most
    // do, stays in the table: half the memory and time of a map of a million codes.
    struct Place {
        std::uint32_t hash = 0;
        std::uint32_t code = empty;
    };
    static constexpr std::uint32_t empty = 0xFFFFFFFF;
    // Where a code is or would be.
    [[nodiscard]] Place& place(std::string_view code);

    std::vector<std::string_view> codes_;
    std::vector<Place> table_;   // a power of two of them, at most two thirds taken
    std::vector<std::size_t> lengths_;
    std::bitset<65536> starts_;  // first two bytes of some code
};

}  // namespace cho40::reconcile
