#include "fees/relief.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

class WrongRule : public testing::TestWithParam<char const*> {};

TEST_P(WrongRule, IsRefused)
{
    auto const rule = parse_reduction_rule(GetParam());
    ASSERT_FALSE(rule) << GetParam();
    EXPECT_EQ(rule.error().code, Errc::invalid_csv);
}

INSTANTIATE_TEST_SUITE_P(Table, WrongRule,
                         testing::Values("half", "pct", "pct:", "pct:101", "pct:50.5", "pct:-1", "free:5", "free:children",
                                         "free::", "free::a|", "free::A", "pct:50:a:b", "pct:50@2026-01-01", "pct:50@2026-13-01..",
                                         "pct:50@2026-02-01..2026-01-01", "pct:50#", "pct:50#TT64(open", "cap", "min:x", "pct:50;;free",
                                         ";", "pct:50 "));

TEST(Relief, ReadsEveryPart)
{
    auto const rule = parse_reduction_rule(
        "pct:50:digital_citizen|poor@2026-08-15..2027-02-28#TT117(movables only);free::elderly;cap:200000");
    ASSERT_TRUE(rule) << rule.error().detail;
    ASSERT_EQ(rule->size(), 3u);
    auto const& first = (*rule)[0];
    EXPECT_EQ(first.kind, ReliefKind::pct);
    EXPECT_EQ(first.value, 50);
    EXPECT_EQ(first.audience, (std::vector<std::string>{"digital_citizen", "poor"}));
    EXPECT_EQ(first.source, "TT117");
    EXPECT_EQ(first.condition, "movables only");
    EXPECT_TRUE(first.in_force(Day::from(2026, 8, 15)));
    EXPECT_TRUE(first.in_force(Day::from(2027, 2, 28)));
    EXPECT_FALSE(first.in_force(Day::from(2027, 3, 1)));
    EXPECT_EQ((*rule)[1].id(), "free::elderly");
    EXPECT_EQ((*rule)[2].id(), "cap:200000");
}

TEST(Relief, AnEmptyRuleIsNoRelief) { EXPECT_TRUE(parse_reduction_rule("")->empty()); }

TEST(Relief, AnOpenEndIsForEver)
{
    auto const rule = parse_reduction_rule("off:10@2026-01-01..");
    ASSERT_TRUE(rule);
    EXPECT_TRUE(rule->front().in_force(Day::from(2099, 1, 1)));
    EXPECT_FALSE(rule->front().in_force(Day::from(2025, 12, 31)));
}

}  // namespace
}  // namespace cho40::fees
