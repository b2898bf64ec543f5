#include "adapters/postgres/copy.h"
#include "base/digest.h"
#include <gtest/gtest.h>

namespace cho40::postgres {
namespace {

constexpr char const* header = "5047434f50590aff0d0a00"
                               "00000000"
                               "00000000";

std::string hex(std::vector<std::string> const& chunks)
{
    std::string all;
    for (auto const& chunk : chunks) all += chunk;
    return to_hex(all);
}

TEST(CopyRows, WithoutRowsIsStillAStream) { EXPECT_EQ(hex(CopyRows(3).finish()), std::string(header) + "ffff"); }

TEST(CopyRows, WritesLengthsAndBigEndianValues)
{
    CopyRows rows(4);
    rows.begin_row();
    rows.add(std::int16_t{-1});
    rows.add(Dong(258));
    rows.null();
    rows.add("đ");
    EXPECT_EQ(rows.row_count(), 1u);
    EXPECT_EQ(hex(rows.finish()), std::string(header) + "0004"
                                                        "00000002ffff"
                                                        "000000080000000000000102"
                                                        "ffffffff"
                                                        "00000002c491"
                                                        "ffff");
}

TEST(CopyRows, IsEmptyAgainAfterFinish)
{
    CopyRows rows(1);
    rows.begin_row();
    rows.add(true);
    auto const first = hex(rows.finish());
    EXPECT_EQ(rows.row_count(), 0u);
    rows.begin_row();
    rows.add(true);
    EXPECT_EQ(hex(rows.finish()), first);
}

TEST(CopyRowsDeathTest, ARowHasExactlyItsColumns)
{
    CopyRows rows(2);
    rows.begin_row();
    rows.add(true);
    EXPECT_DEATH(rows.begin_row(), "fields_left_ == 0");
    EXPECT_DEATH((void)rows.finish(), "fields_left_ == 0");
    rows.add(true);
    EXPECT_DEATH(rows.add(true), "fields_left_ > 0");
}

}  // namespace
}  // namespace cho40::postgres
