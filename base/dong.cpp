#include "base/dong.h"
#include "base/check.h"
#include <algorithm>
#include <numeric>

namespace cho40 {

Result<Dong> add(Dong a, Dong b)
{
    std::int64_t sum = 0;
    if (__builtin_add_overflow(a.count(), b.count(), &sum)) {
        return fail(Errc::amount_overflow, "the sum is larger than the ledger can hold");
    }
    return Dong(sum);
}

Result<Dong> subtract(Dong a, Dong b)
{
    std::int64_t difference = 0;
    if (__builtin_sub_overflow(a.count(), b.count(), &difference)) {
        return fail(Errc::amount_overflow, "the difference is larger than the ledger can hold");
    }
    return Dong(difference);
}

Result<Dong> multiply_half_up(Dong amount, std::int64_t numerator, std::int64_t denominator)
{
    CHO_CHECK(denominator > 0);
    auto const exact = static_cast<__int128>(amount.count()) * numerator;
    auto const magnitude = exact < 0 ? -exact : exact;
    auto const rounded = (2 * magnitude + denominator) / (2 * static_cast<__int128>(denominator));
    if (rounded > INT64_MAX) return fail(Errc::amount_overflow, "the product is larger than the ledger can hold");
    return Dong(static_cast<std::int64_t>(exact < 0 ? -rounded : rounded));
}

std::vector<Dong> split(Dong total, std::span<std::uint32_t const> weights)
{
    auto const weight_sum = std::accumulate(weights.begin(), weights.end(), static_cast<__int128>(0));
    CHO_CHECK(total >= Dong());
    CHO_CHECK(weight_sum > 0);

    struct Share {
        std::size_t index;
        __int128 remainder;
    };
    std::vector<Dong> parts;
    std::vector<Share> shares;
    std::int64_t left = total.count();
    for (std::size_t i = 0; i < weights.size(); ++i) {
        auto const exact = static_cast<__int128>(total.count()) * weights[i];
        auto const part = static_cast<std::int64_t>(exact / weight_sum);
        parts.push_back(Dong(part));
        shares.push_back({i, exact % weight_sum});
        left -= part;
    }
    CHO_CHECK(left >= 0);
    CHO_CHECK(left < static_cast<std::int64_t>(weights.size()));

    std::ranges::sort(
        shares, [](Share const& a, Share const& b) { return a.remainder != b.remainder ? a.remainder > b.remainder : a.index < b.index; });
    for (std::int64_t i = 0; i < left; ++i) {
        auto& part = parts[shares[static_cast<std::size_t>(i)].index];
        part = Dong(part.count() + 1);
    }
    return parts;
}

}  // namespace cho40
