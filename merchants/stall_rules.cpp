#include "merchants/stall_rules.h"
#include "base/check.h"
#include "qr-pay/posting.h"

namespace cho40::merchants {
namespace {

struct Row {
    qr_pay::Purpose purpose;
    ledger::AccountKind credit;
    ledger::TransferCode code;
};

constexpr Row table[] = {
    {qr_pay::Purpose::sale, ledger::AccountKind::sales, ledger::TransferCode::sale},
    {qr_pay::Purpose::late_sale, ledger::AccountKind::sales, ledger::TransferCode::late_sale},
    {qr_pay::Purpose::nameless_sale, ledger::AccountKind::nameless_sales, ledger::TransferCode::nameless_sale},
    {qr_pay::Purpose::overpaid_refund_due, ledger::AccountKind::refund_due, ledger::TransferCode::overpaid},
    {qr_pay::Purpose::duplicate_refund_due, ledger::AccountKind::refund_due, ledger::TransferCode::duplicate},
};

Row const& row_of(qr_pay::Purpose purpose)
{
    for (auto const& row : table) {
        if (row.purpose == purpose) return row;
    }
    check_failed("a purpose with a posting rule", __FILE__, __LINE__);
}

}  // namespace

boost::asio::awaitable<Result<qr_pay::Consequences>> StallRules::consequences(qr_pay::Booking booking)
{
    qr_pay::Consequences out;
    for (auto const& part : booking.decision.allocations) {
        auto const& row = row_of(part.purpose);
        out.transfers.push_back(qr_pay::transfer_for(booking, out.transfers.size(), booking.from, row.credit, row.code, part.amount));
    }
    co_return out;
}

}  // namespace cho40::merchants
