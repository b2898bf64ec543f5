#pragma once
#include "reconcile/records.h"
#include <algorithm>
#include <bit>
#include <cstring>
#include <span>
#include <vector>

// Sort-merge on keys. A key is small and of one size whatever the text in it, so that sorting a million of them touches
// nothing else; only where two texts agree in their first sixteen bytes and are longer are the texts themselves looked at.
namespace cho40::reconcile {

using At = std::uint32_t;  // position in one of the pool's sorted lists
inline constexpr At nowhere = 0xFFFFFFFF;

// A text, and a number that must agree too, by which two sides are joined; and the record that has them.
struct Key {
    std::uint64_t head[2] = {0, 0};  // the first bytes of the text, so that numbers are in the order of texts
    std::int64_t number = 0;
    At at = nowhere;
    std::uint32_t size = 0;          // of the text

    Key() = default;
    Key(std::string_view text, std::int64_t n, At a) : number(n), at(a), size(static_cast<std::uint32_t>(text.size()))
    {
        char bytes[sizeof head] = {};
        if (!text.empty()) std::memcpy(bytes, text.data(), std::min(text.size(), sizeof bytes));
        std::memcpy(head, bytes, sizeof bytes);
        if constexpr (std::endian::native == std::endian::little) {
            head[0] = __builtin_bswap64(head[0]);
            head[1] = __builtin_bswap64(head[1]);
        }
    }
    [[nodiscard]] bool whole() const { return size <= sizeof head; }
};

// Of a kind and an amount: payments and refunds of one text are different keys.
[[nodiscard]] inline std::int64_t number_of(Kind kind, Dong amount = Dong()) { return amount.count() * 2 + (kind == Kind::refund ? 1 : 0); }

using SortedKeys = std::vector<Key>;

// <0, 0, >0; positions do not count. The texts of both are asked for only where the keys leave it open.
template <class TextA, class TextB>
[[nodiscard]] int compare(Key const& a, Key const& b, TextA const& text_a, TextB const& text_b)
{
    for (int i : {0, 1}) {
        if (a.head[i] != b.head[i]) return a.head[i] < b.head[i] ? -1 : 1;
    }
    if (!a.whole() && !b.whole()) {
        if (int const order = text_a(a.at).compare(text_b(b.at)); order != 0) return order;
    } else if (a.size != b.size) {
        return a.size < b.size ? -1 : 1;
    }
    if (a.number != b.number) return a.number < b.number ? -1 : 1;
    return 0;
}

// By key, equal ones by position. `text_of(at)` is the text of the record at a position.
template <class TextOf>
void sort_keys(SortedKeys& keys, TextOf const& text_of)
{
    std::sort(keys.begin(), keys.end(), [&](Key const& a, Key const& b) {
        int const order = compare(a, b, text_of, text_of);
        return order != 0 ? order < 0 : a.at < b.at;
    });
}

// Calls each(group) for the records of each key, in order, groups ascending by position. Pre: sorted.
template <class TextOf, class Each>
void for_each_group(std::span<Key const> keys, TextOf const& text_of, Each each)
{
    for (std::size_t begin = 0; begin < keys.size();) {
        auto end = begin + 1;
        while (end < keys.size() && compare(keys[begin], keys[end], text_of, text_of) == 0) ++end;
        each(keys.subspan(begin, end - begin));
        begin = end;
    }
}

// Calls each(left group, right group) for every key that both sides have. Pre: both sorted.
template <class TextOfLeft, class TextOfRight, class Each>
void join(std::span<Key const> left, TextOfLeft const& left_text, std::span<Key const> right, TextOfRight const& right_text, Each each)
{
    auto const group = [](std::span<Key const> all, auto const& text_of) {
        std::size_t end = 1;
        while (end < all.size() && compare(all[0], all[end], text_of, text_of) == 0) ++end;
        return all.first(end);
    };
    while (!left.empty() && !right.empty()) {
        int const order = compare(left.front(), right.front(), left_text, right_text);
        if (order < 0) {
            left = left.subspan(1);
        } else if (order > 0) {
            right = right.subspan(1);
        } else {
            auto const l = group(left, left_text);
            auto const r = group(right, right_text);
            each(l, r);
            left = left.subspan(l.size());
            right = right.subspan(r.size());
        }
    }
}

}  // namespace cho40::reconcile
