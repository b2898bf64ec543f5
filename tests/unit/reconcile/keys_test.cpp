#include "reconcile/keys.h"
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck.h>

namespace cho40::reconcile {
namespace {

using Side = std::vector<std::pair<std::string, std::int64_t>>;  // texts and numbers

// Texts that agree for a long way, of all lengths around those that fit into a key.
rc::Gen<Side> sides()
{
    auto const text = rc::gen::apply([](std::size_t size, char c, char last) { return std::string(size, c) + last; },
                                     rc::gen::element<std::size_t>(0, 6, 7, 8, 14, 15, 16, 17, 30), rc::gen::element('A', '\0', '\xC3'),
                                     rc::gen::element('A', 'B', '\0'));
    return rc::gen::container<Side>(rc::gen::pair(text, rc::gen::inRange<std::int64_t>(0, 2)));
}

SortedKeys keys_of(Side const& side)
{
    SortedKeys keys;
    for (At at = 0; at < side.size(); ++at) keys.emplace_back(side[at].first, side[at].second, at);
    sort_keys(keys, [&](At at) { return std::string_view(side[at].first); });
    return keys;
}

TEST(Keys, JoinIsThatOfWholeTextsAndNumbers)
{
    EXPECT_TRUE(rc::check([] {
        auto const left = *sides();
        auto const right = *sides();
        std::map<std::pair<std::string, std::int64_t>, std::pair<std::vector<At>, std::vector<At>>> expected;
        for (At at = 0; at < left.size(); ++at) expected[left[at]].first.push_back(at);
        for (At at = 0; at < right.size(); ++at) expected[right[at]].second.push_back(at);
        std::erase_if(expected, [](auto const& item) { return item.second.first.empty() || item.second.second.empty(); });

        decltype(expected) found;
        auto const left_text = [&](At at) { return std::string_view(left[at].first); };
        auto const right_text = [&](At at) { return std::string_view(right[at].first); };
        join(keys_of(left), left_text, keys_of(right), right_text, [&](auto const& l, auto const& r) {
            auto& groups = found[left[l.front().at]];
            for (auto const& key : l) groups.first.push_back(key.at);
            for (auto const& key : r) groups.second.push_back(key.at);
        });
        RC_ASSERT(found == expected);
    }));
}

TEST(Keys, GroupsHoldEqualTextsAscendingByPosition)
{
    EXPECT_TRUE(rc::check([] {
        auto const side = *sides();
        std::map<std::pair<std::string, std::int64_t>, std::vector<At>> expected;
        for (At at = 0; at < side.size(); ++at) expected[side[at]].push_back(at);
        decltype(expected) found;
        for_each_group(
            keys_of(side), [&](At at) { return std::string_view(side[at].first); },
            [&](std::span<Key const> group) {
                for (auto const& key : group) found[side[group.front().at]].push_back(key.at);
            });
        RC_ASSERT(found == expected);
    }));
}

}  // namespace
}  // namespace cho40::reconcile
