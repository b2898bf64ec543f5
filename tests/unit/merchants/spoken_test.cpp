#include "merchants/spoken.h"
#include <gtest/gtest.h>

namespace cho40::merchants {
namespace {

using namespace cho40::literals;

TEST(Spoken, TheUnitIsAlwaysSaidSoThatTwoHundredCannotPassForTwoHundredThousand)
{
    EXPECT_EQ(spoken(qr_pay::CreditReason::exact, 45000_vnd, 0_vnd), "Đủ bốn mươi lăm nghìn đồng");
    EXPECT_EQ(spoken(qr_pay::CreditReason::short_paid, 200_vnd, 199800_vnd),
              "Thiếu. Mới nhận hai trăm đồng, còn thiếu một trăm chín mươi chín nghìn tám trăm đồng");
    EXPECT_EQ(spoken(qr_pay::CreditReason::nameless, 20000_vnd, 0_vnd), "Nhận hai mươi nghìn đồng");
    EXPECT_EQ(spoken(qr_pay::CreditReason::duplicate, 45000_vnd, 0_vnd),
              "Trả hai lần. Nhận thêm bốn mươi lăm nghìn đồng, cần trả lại khách");
}

}  // namespace
}  // namespace cho40::merchants
