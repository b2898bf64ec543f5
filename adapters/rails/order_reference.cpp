#include "adapters/rails/order_reference.h"
#include "qr-pay/order_code.h"

namespace cho40::rails {

std::string order_code_in(std::string_view order_id)
{
    auto const is_plain = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    std::string found;
    for (std::size_t at = 0; at < order_id.size();) {
        auto end = at;
        while (end < order_id.size() && is_plain(order_id[end])) ++end;
        auto const code = qr_pay::OrderCode::parse(order_id.substr(at, end - at));
        if (code && !found.empty() && found != code->text()) return {};
        if (code) found = code->text();
        at = end + 1;
    }
    return found;
}

}  // namespace cho40::rails
