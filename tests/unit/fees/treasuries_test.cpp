#include "fees/agency.h"
#include "fees/treasuries.h"
#include <gtest/gtest.h>

namespace cho40::fees {
namespace {

TEST(Treasuries, EveryAgencyOfThePilotHasOneWithABank)
{
    auto const treasuries = Treasuries::embedded();
    ASSERT_TRUE(treasuries) << treasuries.error().pointer << ' ' << treasuries.error().detail;
    auto const agencies = Agencies::embedded();
    for (auto const& agency : agencies->all())
        EXPECT_TRUE(treasuries->find(agency.keys.treasury_code, Day::from(2026, 11, 22))) << agency.code;
    EXPECT_FALSE(treasuries->find("2827", Day::from(2025, 12, 31)));
    EXPECT_FALSE(treasuries->find("9999", Day::from(2026, 11, 22)));
}

struct Wrong {
    char const* row;
    char const* column;
};
class WrongTreasuries : public testing::TestWithParam<Wrong> {};

TEST_P(WrongTreasuries, AreNamedByLineAndColumn)
{
    auto const read = Treasuries::read("treasury_code,name_vi,name_en,bank_bin,valid_from,valid_to\n2827,A,A,970415,2026-01-01,\n" +
                                       std::string(GetParam().row));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().pointer, "line 3, column " + std::string(GetParam().column));
}

INSTANTIATE_TEST_SUITE_P(Table, WrongTreasuries,
                         testing::Values(Wrong{"282,A,A,970415,,\n", "treasury_code"}, Wrong{"2811,,A,970415,,\n", "name_vi"},
                                         Wrong{"2811,A,,970415,,\n", "name_en"}, Wrong{"2811,A,A,97041x,,\n", "bank_bin"},
                                         Wrong{"2827,A,A,970415,2026-05-01,\n", "valid_from"}));

}  // namespace
}  // namespace cho40::fees
