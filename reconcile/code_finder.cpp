#include "reconcile/code_finder.h"
#include <algorithm>

namespace cho40::reconcile {
namespace {

std::size_t first_two(std::string_view text)
{
    return static_cast<std::size_t>(static_cast<unsigned char>(text[0])) << 8 | static_cast<unsigned char>(text[1]);
}

std::vector<std::string_view> distinct(std::vector<std::string_view> codes)
{
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    return codes;
}

}  // namespace

CodeFinder::CodeFinder(std::vector<std::string_view> codes, std::size_t shortest)
{
    codes_.reserve(codes.size());
    for (auto code : codes) {
        if (code.size() < std::max<std::size_t>(shortest, 2) || !codes_.emplace(code, true).second) continue;
        starts_.set(first_two(code));
        lengths_.push_back(code.size());
        if (lengths_.size() > 64) {  // keep the list short while reading
            std::sort(lengths_.begin(), lengths_.end());
            lengths_.erase(std::unique(lengths_.begin(), lengths_.end()), lengths_.end());
        }
    }
    std::sort(lengths_.begin(), lengths_.end());
    lengths_.erase(std::unique(lengths_.begin(), lengths_.end()), lengths_.end());
}

std::vector<CodeFinder::Hit> CodeFinder::hits(std::string_view squeezed) const
{
    std::vector<Hit> found;
    for (std::size_t begin = 0; begin + 2 <= squeezed.size(); ++begin) {
        if (!starts_.test(first_two(squeezed.substr(begin)))) continue;
        for (auto length : lengths_) {
            if (begin + length > squeezed.size()) break;
            if (auto const it = codes_.find(squeezed.substr(begin, length)); it != codes_.end()) found.push_back({begin, it->first});
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
