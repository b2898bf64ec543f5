#include "qr-pay/banks.h"
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

TEST(Banks, KnowsTheListOfThisRelease)
{
    auto const& banks = Banks::current();
    EXPECT_EQ(banks.all().size(), 72u);
    EXPECT_EQ(banks.as_of(), Day::from(2026, 9, 21));
    ASSERT_NE(banks.find("970436"), nullptr);
    EXPECT_EQ(banks.find("970436")->short_name, "Vietcombank");
    EXPECT_EQ(banks.find("970422")->short_name, "MBBank");
    EXPECT_EQ(banks.find("422589")->short_name, "CIMB");
    EXPECT_EQ(banks.find("000000"), nullptr);
    EXPECT_EQ(banks.find(""), nullptr);
}

TEST(Banks, RefusesAListThatContradictsItself)
{
    auto const day = Day::from(2026, 1, 1);
    auto const parse = [&](char const* rows) { return Banks::parse(std::string("bin,short_name,name_vi,swift\n") + rows, day); };
    EXPECT_TRUE(parse("970436,Vietcombank,Ngân hàng,\n"));
    EXPECT_EQ(parse("97043,V,N,\n").error().pointer, "line 2");
    EXPECT_EQ(parse("970436,,N,\n").error().code, Errc::invalid_csv);
    EXPECT_EQ(parse("970436,V,N,\n970436,W,N,\n").error().detail, "the bin 970436 stands twice");
    EXPECT_FALSE(Banks::parse("bin\n970436\n", day));
}

}  // namespace
}  // namespace cho40::qr_pay
