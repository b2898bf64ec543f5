#include "qr-pay/crc16.h"
#include <gtest/gtest.h>

namespace cho40::qr_pay {
namespace {

TEST(Crc16, AgreesWithPublishedVectors)
{
    EXPECT_EQ(crc16_text(""), "FFFF");
    EXPECT_EQ(crc16_text("123456789"), "29B1");
    EXPECT_EQ(crc16_text("00"), "2EC9");
    EXPECT_EQ(crc16_text("01"), "3EE8");
    EXPECT_EQ(crc16_text("A"), "B915");
    EXPECT_EQ(crc16(std::string_view("\0\0", 2)), crc16(std::string(2, '\0')));
}

TEST(Crc16, IsPaddedWithZeros)
{
    EXPECT_EQ(crc16_text("00020101021238540010A00000072701240006970422011001234567890208QRIBFTTA530370454061093005802VN6304"), "0D96");
}

}  // namespace
}  // namespace cho40::qr_pay
