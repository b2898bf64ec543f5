#include "qr-pay/bank_account.h"
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

TEST(BankAccount, HasABinOfSixDigits)
{
    EXPECT_TRUE(is_bank_bin("970436"));
    for (auto const* bad : {"", "97043", "9704366", "97043A", "97043 ", "９"}) EXPECT_FALSE(is_bank_bin(bad)) << bad;
}

TEST(BankAccount, HasANumberThatACodeCanCarry)
{
    EXPECT_TRUE(is_account_number("1"));
    EXPECT_TRUE(is_account_number("VQR000123456789012A"));
    for (auto const* bad : {"", "12345678901234567890", "1017-595", "1017 595", "đ1"}) EXPECT_FALSE(is_account_number(bad)) << bad;
}

TEST(BankAccount, IsRefusedWithThePlaceOfWhatIsWrong)
{
    EXPECT_TRUE(check_receiving_account("970436", "1017595600"));
    EXPECT_EQ(check_receiving_account("97043", "1017595600").error().pointer, "/receiving_account/bank_bin");
    EXPECT_EQ(check_receiving_account("970436", "").error().pointer, "/receiving_account/account_number");
    EXPECT_EQ(check_receiving_account("970436", "").error().code, Errc::invalid_input);
}

}  // namespace
}  // namespace cho40::qr_pay
