#include "reconcile/code_finder.h"
#include "base/check.h"
#include <algorithm>
#include <bit>

namespace cho40::reconcile {
namespace {

std::size_t first_two(std::string_view text)
{
    return static_cast<std::size_t>(static_cast<unsigned char>(text[0])) << 8 | static_cast<unsigned char>(text[1]);
}

std::uint32_t short_of(std::size_t hash) { return static_cast<std::uint32_t>(hash >> 32); }

std::vector<std::string_view> distinct(std::vector<std::string_view> codes)
{
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

}  // namespace

CodeFinder::CodeFinder(std::vector<std::string_view> codes, std::size_t shortest) : codes_(std::move(codes))
{
    CHO_CHECK(codes_.size() < empty);
    table_.resize(std::bit_ceil(codes_.size() + codes_.size() / 2 + 1));
    std::vector<bool> lengths;
    for (std::size_t i = 0; i < codes_.size(); ++i) {
        auto const code = codes_[i];
        if (code.empty() || code.size() < shortest) continue;
        auto& at = place(code);
        if (at.code != empty) continue;
        at.hash = short_of(std::hash<std::string_view>()(code));
        at.code = static_cast<std::uint32_t>(i);
        if (code.size() < 2) continue;  // found by known() only
        starts_.set(first_two(code));
        if (code.size() >= lengths.size()) lengths.resize(code.size() + 1);
        lengths[code.size()] = true;
    }
    for (std::size_t length = 0; length < lengths.size(); ++length) {
        if (lengths[length]) lengths_.push_back(length);
    }
}

CodeFinder::Place& CodeFinder::place(std::string_view code)
{
    auto const hash = std::hash<std::string_view>()(code);
    for (std::size_t at = hash & (table_.size() - 1);; at = (at + 1) & (table_.size() - 1)) {
        auto& found = table_[at];
        if (found.code == empty || (found.hash == short_of(hash) && codes_[found.code] == code)) return found;
    }
}

std::string_view CodeFinder::known(std::string_view text) const
{
    auto const hash = std::hash<std::string_view>()(text);
    for (std::size_t at = hash & (table_.size() - 1);; at = (at + 1) & (table_.size() - 1)) {
        auto const& found = table_[at];
        if (found.code == empty) return {};
        if (found.hash == short_of(hash) && codes_[found.code] == text) return codes_[found.code];
    }
}

std::vector<CodeFinder::Hit> CodeFinder::hits(std::string_view squeezed) const
{
    std::vector<Hit> found;
    for (std::size_t begin = 0; begin + 2 <= squeezed.size(); ++begin) {
        if (!starts_.test(first_two(squeezed.substr(begin)))) continue;
        for (auto length : lengths_) {
            if (begin + length > squeezed.size()) break;
            if (auto const code = known(squeezed.substr(begin, length)); !code.empty()) found.push_back({begin, code});
        }
    }
    return found;
}

std::vector<std::string_view> CodeFinder::find(std::string_view squeezed) const
{
    std::vector<std::string_view> codes;
    for (auto const& hit : hits(squeezed)) codes.push_back(hit.code);
    return distinct(std::move(codes));
}

std::vector<std::string_view> CodeFinder::find_longest(std::string_view squeezed) const
{
    auto const all = hits(squeezed);
    std::vector<std::string_view> codes;
    for (auto const& hit : all) {
        bool const inside = std::ranges::any_of(all, [&](Hit const& other) {
            return other.code.size() > hit.code.size() && other.begin <= hit.begin &&
                   hit.begin + hit.code.size() <= other.begin + other.code.size();
        });
        if (!inside) codes.push_back(hit.code);
    }
    return distinct(std::move(codes));
}

}  // namespace cho40::reconcile
