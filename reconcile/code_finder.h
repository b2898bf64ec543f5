#pragma once
#include <bitset>
#include <cstdint>
#include <string_view>
#include <unordered_map>
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

private:
    struct Hit {
        std::size_t begin;
        std::string_view code;
    };
    [[nodiscard]] std::vector<Hit> hits(std::string_view squeezed) const;

    std::vector<std::size_t> lengths_;
    std::unordered_map<std::string_view, bool> codes_;
    std::bitset<65536> starts_;  // first two bytes of some code
};

}  // namespace cho40::reconcile
