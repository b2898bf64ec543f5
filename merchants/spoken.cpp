#include "merchants/spoken.h"
#include "base/vietnamese_number.h"

namespace cho40::merchants {

std::string spoken(qr_pay::CreditReason reason, Dong credit, Dong remaining)
{
    using enum qr_pay::CreditReason;
    auto const amount = amount_in_words(credit);
    switch (reason) {
    case exact: return "Đủ " + amount;
    case topped_up: return "Đã đủ. Nhận thêm " + amount;
    case short_paid: return "Thiếu. Mới nhận " + amount + ", còn thiếu " + amount_in_words(remaining);
    case over: return "Dư. Nhận " + amount;
    case late: return "Tiền đến muộn. Nhận " + amount;
    case late_short: return "Tiền đến muộn, còn thiếu. Nhận " + amount;
    case late_over: return "Tiền đến muộn, dư. Nhận " + amount;
    case duplicate: return "Trả hai lần. Nhận thêm " + amount + ", cần trả lại khách";
    case nameless:
    case ambiguous:
    case suggested: return "Nhận " + amount;
    }
    return "Nhận " + amount;
}

}  // namespace cho40::merchants
