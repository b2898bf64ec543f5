#include "fees/unit.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;

class WrongUnit : public testing::TestWithParam<char const*> {};

TEST_P(WrongUnit, IsRefused)
{
    auto const unit = parse_unit(GetParam());
    ASSERT_FALSE(unit) << GetParam();
    EXPECT_EQ(unit.error().code, Errc::invalid_csv);
    EXPECT_FALSE(unit.error().detail.empty());
}

INSTANTIATE_TEST_SUITE_P(Table, WrongUnit,
                         testing::Values("", "case", "per_", "per_m 3", "per_copy_from_", "per_copy_from_0", "USD:", "USD:0", "USD:25.5",
                                         "USD:-1", "range:5", "range:9-5", "range:a-b", "formula:", "formula:x%", "formula:101%",
                                         "formula:0.", "formula:0.12345%", "formula:1%_per_year",
                                         "formula:1%;max=", "formula:1%;min=9;max=5", "formula:1%;other=5", "bands:", "bands:a b",
                                         "per_page", "per_page:", "per_page:1-2=2000", "per_page:2+=5", "per_page:1-2=2000,4+=1000",
                                         "per_page:1+=5,2+=6", "per_page:1+=5;cap=9", "per_page:1+=5;cap_per_copy=", "per_page;copies:1+=5",
                                         "per_page:2-1=5,3+=4", "per_page:1-9999999999999=5", "Local"));

TEST(Unit, ReadsPages)
{
    auto const unit = parse_unit("per_page;copies_from_2:1-2=5000,3+=3000;cap_per_copy=200000");
    ASSERT_TRUE(unit) << unit.error().detail;
    auto const& pages = std::get<PerPage>(*unit);
    EXPECT_TRUE(pages.tiers_from_second_copy);
    ASSERT_EQ(pages.tiers.size(), 2u);
    EXPECT_EQ(pages.tiers[0].last, 2);
    EXPECT_EQ(pages.tiers[1].price, 3000_vnd);
    EXPECT_EQ(pages.tiers[1].last, INT64_MAX);
    EXPECT_EQ(pages.cap_per_copy, 200'000_vnd);
}

TEST(Unit, ReadsPercentages)
{
    auto const unit = parse_unit("formula:0.15%_of_value;max=5000000");
    ASSERT_TRUE(unit);
    EXPECT_EQ(std::get<PercentOf>(*unit).ppm, 1500);
    EXPECT_EQ(std::get<PercentOf>(*unit).of, "value");
    EXPECT_EQ(std::get<PercentOf>(*unit).max, 5'000'000_vnd);
    EXPECT_EQ(std::get<PercentOf>(*parse_unit("formula:percent_of_investment;min=500000")).ppm, std::nullopt);
    EXPECT_EQ(std::get<PercentOf>(*parse_unit("formula:10%_standard;province_may_set_up_to_15%")).ppm, std::nullopt);
}

TEST(Unit, ReadsThings)
{
    auto const extra = std::get<PerThing>(*parse_unit("per_copy_from_3"));
    EXPECT_EQ(extra.thing, "copy");
    EXPECT_EQ(extra.first_charged, 3);
    EXPECT_TRUE(std::get<PerThing>(*parse_unit("per_case")).once_per_case);
    EXPECT_FALSE(std::get<PerThing>(*parse_unit("per_m3")).once_per_case);
}

}  // namespace
}  // namespace cho40::fees
