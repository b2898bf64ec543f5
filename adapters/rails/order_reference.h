#pragma once
#include <string>
#include <string_view>

namespace cho40::rails {

// The order code in an order id that was given to a provider: "CQ7K2M4X7" itself, or one of its parts between signs, as in
// "261122_CQ7K2M4X7" (ZaloPay wants the day in front) and "CQ7K2M4X7-2" (a second try). "" where there is none, or two.
[[nodiscard]] std::string order_code_in(std::string_view order_id);

}  // namespace cho40::rails
