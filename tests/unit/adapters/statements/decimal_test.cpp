#include "adapters/statements/decimal.h"
#include <gtest/gtest.h>

namespace cho40::statements {
namespace {

TEST(Decimal, IsExact)
{
    struct Row {
        char const* text;
        char const* shown;
    };
    for (auto const& row : {Row{"8.85", "8.85"}, Row{"50000.00", "50000"}, Row{"0", "0"}, Row{"0.05", "0.05"}, Row{"007", "7"},
                            Row{"999999999999999999", "999999999999999999"}, Row{"1234567890123.45678", "1234567890123.45678"}}) {
        auto const value = Decimal::parse(row.text);
        ASSERT_TRUE(value) << row.text;
        EXPECT_EQ(value->to_string(), row.shown);
    }
    for (char const* bad : {"", ".", "5.", ".5", "-1", "+1", "1,5", "1e5", "1.123456", "1234567890123456789", "1.2.3", " 1", "٣"}) {
        EXPECT_FALSE(Decimal::parse(bad)) << bad;
    }
}

TEST(Decimal, DongHasNoFraction)
{
    EXPECT_EQ(Decimal::parse("50000.00")->to_dong(), Dong(50000));
    EXPECT_EQ(Decimal::parse("50000.50")->to_dong().error().code, Errc::invalid_input);
}

}  // namespace
}  // namespace cho40::statements
