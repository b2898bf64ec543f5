#include "base/text.h"
#include <gtest/gtest.h>

namespace cho40 {
namespace {

TEST(Text, DecomposedVietnameseBecomesComposed)
{
    EXPECT_EQ(*to_nfc("e\xCC\x82\xCC\x81"), "ế");
    EXPECT_EQ(to_nfc("\xC3").error().code, Errc::invalid_utf8);
    EXPECT_EQ(to_nfc("\xED\xA0\x80").error().code, Errc::invalid_utf8);  // a surrogate is not UTF-8
}

TEST(Text, AccentsAndTheLetterDStroke)
{
    EXPECT_EQ(strip_accents("Sạp cá Bà Thế, ĐƯỜNG đồng"), "Sap ca Ba The, DUONG dong");
    EXPECT_EQ(squeeze("Sạp 12 - cá đồng!"), "SAP12CADONG");
    EXPECT_EQ(fold_for_search("  Bà   THẾ "), "ba the");
}

TEST(Text, MoneyIsGroupedByPoints)
{
    EXPECT_EQ(dong_text(0), "0 đ");
    EXPECT_EQ(dong_text(999), "999 đ");
    EXPECT_EQ(dong_text(45000), "45.000 đ");
    EXPECT_EQ(dong_text(-1234567), "-1.234.567 đ");
    EXPECT_EQ(dong_text(INT64_MIN), "-9.223.372.036.854.775.808 đ");
}

TEST(Text, TrimKnowsTheNoBreakSpace) { EXPECT_EQ(trim("\xC2\xA0 57001\t\xC2\xA0"), "57001"); }

}  // namespace
}  // namespace cho40
