#include "base/dong.h"
#include <gtest/gtest.h>
#include <numeric>
#include <rapidcheck/gtest.h>

namespace cho40 {
namespace {

using namespace literals;

TEST(Dong, SumsThatDoNotFitAreRefused)
{
    EXPECT_EQ(add(Dong(INT64_MAX), 1_vnd).error().code, Errc::amount_overflow);
    EXPECT_EQ(subtract(Dong(INT64_MIN), 1_vnd).error().code, Errc::amount_overflow);
    EXPECT_EQ(*add(20000_vnd, 25000_vnd), 45000_vnd);
}

struct Product {
    std::int64_t amount, numerator, denominator, expected;
};

class MultiplyHalfUp : public testing::TestWithParam<Product> {};

TEST_P(MultiplyHalfUp, RoundsOnceAwayFromZero)
{
    auto const p = GetParam();
    EXPECT_EQ(multiply_half_up(Dong(p.amount), p.numerator, p.denominator)->count(), p.expected);
}

INSTANTIATE_TEST_SUITE_P(Table, MultiplyHalfUp,
                         testing::Values(Product{333333333, 300, 10000, 10000000},   // 9 999 999.99
                                         Product{333333333, 150, 10000, 5000000},    // 4 999 999.995
                                         Product{1, 1, 2, 1}, Product{-1, 1, 2, -1}, Product{1, 1, 3, 0}, Product{2, 1, 3, 1},
                                         Product{INT64_MAX, 1, 1, INT64_MAX}));

RC_GTEST_PROP(Split, KeepsEveryDong, ())
{
    auto const total = Dong(*rc::gen::inRange<std::int64_t>(0, INT64_MAX));
    auto const weights = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::uint32_t>>(rc::gen::inRange<std::uint32_t>(1, UINT32_MAX)));
    auto const parts = split(total, weights);
    auto const sum = std::accumulate(parts.begin(), parts.end(), std::int64_t{0}, [](auto a, Dong d) { return a + d.count(); });
    RC_ASSERT(sum == total.count());
    RC_ASSERT(std::ranges::all_of(parts, [](Dong d) { return d >= Dong(); }));
}

}  // namespace
}  // namespace cho40
