#include "fees/bands.h"
#include "tests/unit/fees/tables_for_tests.h"
#include <map>
#include <rapidcheck/gtest.h>

namespace cho40::fees {
namespace {

using namespace literals;

struct Joint {
    char const* table;
    std::int64_t value;
    std::int64_t fee_at;     // at the end of the lower band
    std::int64_t fee_above;  // one đồng above it, rounded to đồng
};

class Joints : public testing::TestWithParam<Joint> {};

TEST_P(Joints, MeetWhereTheActSaysTheyMeet)
{
    auto const* table = embedded_tables().band_table(GetParam().table, Day::from(2026, 11, 22));
    ASSERT_TRUE(table);
    EXPECT_EQ(table->fee(Dong(GetParam().value))->round_half_up(), Dong(GetParam().fee_at));
    EXPECT_EQ(table->fee(Dong(GetParam().value + 1))->round_half_up(), Dong(GetParam().fee_above));
}

INSTANTIATE_TEST_SUITE_P(
    NotaryValue, Joints,
    testing::Values(Joint{"notary_value", 49'999'999, 50'000, 100'000}, Joint{"notary_value", 100'000'000, 100'000, 100'000},
                    Joint{"notary_value", 1'000'000'000, 1'000'000, 1'000'000}, Joint{"notary_value", 3'000'000'000, 2'200'000, 2'200'000},
                    Joint{"notary_value", 5'000'000'000, 3'200'000, 3'200'000}, Joint{"notary_value", 10'000'000'000, 5'200'000, 5'200'000},
                    Joint{"notary_value", 100'000'000'000, 32'200'000, 32'200'000},
                    Joint{"notary_value", 289'000'000'000, 70'000'000, 70'000'000}));
INSTANTIATE_TEST_SUITE_P(NotaryLease, Joints,
                         testing::Values(Joint{"notary_lease", 1'000'000'000, 800'000, 800'000},
                                         Joint{"notary_lease", 3'000'000'000, 2'000'000, 2'000'000},
                                         Joint{"notary_lease", 5'000'000'000, 3'000'000, 3'000'000},
                                         Joint{"notary_lease", 10'000'000'000, 5'000'000, 5'000'000},
                                         Joint{"notary_lease", 20'000'000'000, 8'000'000, 8'000'000}));
INSTANTIATE_TEST_SUITE_P(Enforcement, Joints,
                         testing::Values(Joint{"enforcement", 5'000'000'000, 150'000'000, 150'000'000},
                                         Joint{"enforcement", 7'000'000'000, 190'000'000, 190'000'000},
                                         Joint{"enforcement", 10'000'000'000, 220'000'000, 220'000'000},
                                         Joint{"enforcement", 15'000'000'000, 245'000'000, 245'000'000}));

// The joints above are written by hand from the acts; this one finds a band or a table that nobody wrote a joint for.
TEST(Bands, EveryJointOfTheDataIsAmongThose)
{
    std::map<std::string, std::size_t> const joints = {{"notary_value", 7}, {"notary_lease", 4}, {"enforcement", 4}};
    for (auto const& rate : embedded_tables().rates()) {
        auto const* by = std::get_if<ByBands>(&rate.unit);
        EXPECT_TRUE(!by || joints.contains(by->table)) << rate.rate_id;
    }
    for (auto const& [name, count] : joints) {
        auto const* table = embedded_tables().band_table(name, Day::from(2026, 11, 22));
        ASSERT_TRUE(table) << name;
        ASSERT_EQ(table->bands.size(), count + 1) << name;
        for (std::size_t i = 0; i < count; ++i) {
            auto const end = *table->bands[i].to;
            EXPECT_EQ(table->band_of(end), &table->bands[i]) << name << ' ' << end.count();
            EXPECT_EQ(table->band_of(Dong(end.count() + 1)), &table->bands[i + 1]) << name << ' ' << end.count();
        }
    }
}

RC_GTEST_PROP(Bands, MoreValueIsNeverLessFee, ())
{
    auto const* name = *rc::gen::element("notary_value", "notary_lease", "enforcement");
    auto const* table = embedded_tables().band_table(name, Day::from(2026, 11, 22));
    auto const a = *rc::gen::inRange<std::int64_t>(100'000'001, 9'999'999'999'999);
    auto const b = *rc::gen::inRange<std::int64_t>(a, 10'000'000'000'000);
    RC_ASSERT(!(*table->fee(Dong(b)) < *table->fee(Dong(a))));
}

constexpr auto tables_csv = "band_table,valid_from,valid_to,cap_vnd,free_up_to,legal_basis\n"
                            "t,2020-01-01,,,,act\n";
constexpr std::string_view bands_head = "band_table,valid_from,from_vnd,to_vnd,fixed_vnd,rate_ppm,over_vnd,joint\n";

struct WrongBands {
    char const* rows;
    char const* pointer;
    char const* says;
};

class BandsReader : public testing::TestWithParam<WrongBands> {};

TEST_P(BandsReader, NamesLineAndColumnOfAWrongTable)
{
    auto const read = read_band_tables(tables_csv, std::string(bands_head) + GetParam().rows);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().pointer, GetParam().pointer);
    EXPECT_NE(read.error().detail.find(GetParam().says), std::string::npos) << read.error().detail;
}

INSTANTIATE_TEST_SUITE_P(Table, BandsReader,
                         testing::Values(WrongBands{"u,2020-01-01,0,,5,0,0,first\n", "line 2, column band_table", "no table u"},
                                         WrongBands{"t,2020-01-01,x,,5,0,0,first\n", "line 2, column from_vnd", "not a whole number"},
                                         WrongBands{"t,2020-01-01,0,,,0,0,first\n", "line 2, column fixed_vnd", "needed"},
                                         WrongBands{"t,2020-01-01,0,,5,1000001,0,first\n", "line 2, column rate_ppm", "parts per million"},
                                         WrongBands{"t,2020-01-01,0,,5,0,0,step\n", "line 2, column joint", "first"},
                                         WrongBands{"t,2020-01-01,0,99,0,10000,0,first\nt,2020-01-01,101,,1,0,100,step\n",
                                                    "line 3, column from_vnd", "one đồng above"},
                                         WrongBands{"t,2020-01-01,0,100,0,10000,0,first\nt,2020-01-01,101,,2,0,100,continuous\n",
                                                    "line 3, column fixed_vnd", "does not start"},
                                         WrongBands{"t,2020-01-01,0,100,1,0,0,first\n", "table t", "open"}));

TEST(BandsReader, TakesAContinuousTable)
{
    auto const read = read_band_tables(tables_csv, std::string(bands_head) +
                                                       "t,2020-01-01,0,100,0,10000,0,first\nt,2020-01-01,101,,1,5000,100,continuous\n");
    ASSERT_TRUE(read) << read.error().detail;
    EXPECT_EQ((*read)[0].fee(300_vnd)->round_half_up(), 2_vnd);
}

}  // namespace
}  // namespace cho40::fees
