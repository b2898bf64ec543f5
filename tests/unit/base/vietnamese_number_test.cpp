#include "base/vietnamese_number.h"
#include <gtest/gtest.h>

namespace cho40 {
namespace {

struct Case {
    std::int64_t amount;
    char const* words;
};

class AmountInWords : public testing::TestWithParam<Case> {};

TEST_P(AmountInWords, IsWhatAMarketSays) { EXPECT_EQ(amount_in_words(Dong(GetParam().amount)), GetParam().words); }

INSTANTIATE_TEST_SUITE_P(
    Table, AmountInWords,
    testing::Values(Case{0, "không đồng"}, Case{5, "năm đồng"}, Case{15, "mười lăm đồng"}, Case{21, "hai mươi mốt đồng"},
                    Case{101, "một trăm linh một đồng"},
                    Case{499'999'999, "bốn trăm chín mươi chín triệu chín trăm chín mươi chín nghìn chín trăm chín mươi chín đồng"},
                    Case{200, "hai trăm đồng"}, Case{10500, "mười nghìn năm trăm đồng"}, Case{15000, "mười lăm nghìn đồng"},
                    Case{21000, "hai mươi mốt nghìn đồng"}, Case{24000, "hai mươi tư nghìn đồng"}, Case{55000, "năm mươi lăm nghìn đồng"},
                    Case{101000, "một trăm linh một nghìn đồng"}, Case{105000, "một trăm linh năm nghìn đồng"},
                    Case{110000, "một trăm mười nghìn đồng"}, Case{135000, "một trăm ba mươi lăm nghìn đồng"},
                    Case{200000, "hai trăm nghìn đồng"}, Case{1000500, "một triệu không nghìn năm trăm đồng"},
                    Case{1005000, "một triệu không trăm linh năm nghìn đồng"}, Case{1000000, "một triệu đồng"},
                    Case{1500000, "một triệu năm trăm nghìn đồng"}, Case{1000000000, "một tỷ đồng"},
                    Case{2000000000000, "hai nghìn tỷ đồng"}, Case{-5, "âm năm đồng"}));

TEST(Capitalised, BeginsALineOnPaper)
{
    EXPECT_EQ(capitalised(amount_in_words(Dong(100'000))), "Một trăm nghìn đồng");
    EXPECT_EQ(capitalised(amount_in_words(Dong(-5))), "Âm năm đồng");
    EXPECT_EQ(capitalised(""), "");
}

}  // namespace
}  // namespace cho40
