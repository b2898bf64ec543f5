#include "fees/agency.h"
#include "tests/unit/fees/tables_for_tests.h"

namespace cho40::fees {
namespace {

TEST(Agencies, ThePilotIsWholeAndCollectsOnlyFeesOfTheSchedule)
{
    auto const agencies = Agencies::embedded();
    ASSERT_TRUE(agencies) << agencies.error().pointer << ' ' << agencies.error().detail;
    EXPECT_GE(agencies->all().size(), 5u);
    for (auto const& c : agencies->collections()) {
        auto const* rate = embedded_tables().any_rate(c.fee_code);
        ASSERT_TRUE(rate) << c.fee_code;
        EXPECT_NE(rate->kind, FeeKind::gia) << c.fee_code;
        if (rate->kind == FeeKind::le_phi) EXPECT_EQ(c.retained_percent, 0) << c.fee_code << ": a charge goes to the budget whole";
    }
}

TEST(Agencies, HongGaiHasTheKeysOfTheTaxServiceList)
{
    auto const agencies = Agencies::embedded();
    auto const* ward = agencies->find("H49.61");
    ASSERT_TRUE(ward);
    EXPECT_EQ(ward->keys.area_code, "06685");
    EXPECT_EQ(ward->keys.collecting_office, "1139936");
    EXPECT_EQ(ward->keys.treasury_code, "2827");
    EXPECT_TRUE(agencies->collection("H49.61", "CERT_COPY", Day::from(2026, 11, 22)));
    EXPECT_FALSE(agencies->collection("H49.61", "PP_NEW", Day::from(2026, 11, 22)));
    EXPECT_FALSE(agencies->collection("H49.61", "CERT_COPY", Day::from(2025, 11, 22)));
    EXPECT_EQ(agencies->find("H49.99"), nullptr);
}

constexpr std::string_view head =
    "agency_code,name_vi,name_en,address,phone,tax_code,chapter,area_code,collecting_office,treasury_code,treasury_account,bank_bin,"
    "account_number,account_name,letters_phi,letters_le_phi,pay_order\n";
constexpr std::string_view good = "H49.61,A,B,C,02030000061,5701990033,805,06685,1139936,2827,3511.0,970415,999000,N,CP,CL,before\n";
constexpr std::string_view collections_head = "agency_code,fee_code,retained_percent,valid_from,valid_to\n";

struct WrongAgency {
    std::string_view from, to, column;
};

class WrongAgencyRow : public testing::TestWithParam<WrongAgency> {};

TEST_P(WrongAgencyRow, IsNamedByLineAndColumn)
{
    std::string row(good);
    row.replace(row.find(GetParam().from), GetParam().from.size(), GetParam().to);
    auto const read = Agencies::read(std::string(head) + row, collections_head);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().pointer, "line 2, column " + std::string(GetParam().column));
}

INSTANTIATE_TEST_SUITE_P(Table, WrongAgencyRow,
                         testing::Values(WrongAgency{"H49.61", "h49", "agency_code"}, WrongAgency{",A,", ",,", "name_vi"},
                                         WrongAgency{"5701990033", "570199003", "tax_code"}, WrongAgency{"805", "80", "chapter"},
                                         WrongAgency{"06685", "6685", "area_code"}, WrongAgency{"1139936", "113993x", "collecting_office"},
                                         WrongAgency{"2827", "282", "treasury_code"}, WrongAgency{"970415", "97041", "bank_bin"},
                                         WrongAgency{"999000", "999", "account_number"}, WrongAgency{"CP", "FP", "letters_phi"},
                                         WrongAgency{"CL", "CP", "letters_le_phi"}, WrongAgency{"before", "later", "pay_order"}));

TEST(Agencies, ACollectionNeedsItsAgency)
{
    auto const read = Agencies::read(std::string(head) + std::string(good), std::string(collections_head) + "H49.99,CERT_COPY,50,,\n");
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().pointer, "line 2, column agency_code");
}

}  // namespace
}  // namespace cho40::fees
