#pragma once
#include "qr-pay/credit_decision.h"
#include <string>

namespace cho40::merchants {

// What the stall hears when money arrives, in Vietnamese, always ending in the unit so that "hai trăm" can never pass for
// two hundred thousand: "Đủ bốn mươi lăm nghìn đồng", "Thiếu. Mới nhận hai trăm đồng, còn thiếu …".
[[nodiscard]] std::string spoken(qr_pay::CreditReason reason, Dong credit, Dong remaining);

}  // namespace cho40::merchants
