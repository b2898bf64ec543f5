#include "qr-pay/settle_refund.h"
#include "base/check.h"
#include "qr-pay/find_refund.h"
#include "qr-pay/refund_posting.h"

namespace cho40::qr_pay {
RefundTransfer transfer_told(BankCredit const& credit)
{
    RefundTransfer transfer;
    transfer.rail = credit.rail;
    transfer.provider_id = credit.provider_id;
    transfer.bank_reference = credit.bank_reference;
    transfer.memo = credit.memo;
    transfer.booked_at = credit.booked_at;
    transfer.key = sha256(dedupe_key(credit));
    return transfer;
}

RefundSettlement settle_refund(Notification const& notification, std::span<RefundFacts const> refunds, Instant now, Random& random)
{
    auto const& credit = notification.credit;
    CHO_CHECK(credit.direction == Direction::out);
    RefundSettlement out;
    auto const named = find_by_code(credit, refunds);
    if (!named.refund) return out;
    auto const& before = named.refund->stored;
    out.refund = before;
    out.match = named.match;
    out.outcome = InboxOutcome::refund_differs;
    if (!named.surely || credit.amount != before.refund.amount) return out;
    auto const again = before.transfer ? told_before(*before.transfer, before.refund.amount, credit) : std::nullopt;
    if (again) {
        out.outcome = *again;
        return out;
    }
    // It came back before any rail told that it had left: both have happened, and nothing is left to do.
    if (before.refund.state == RefundState::returned && !before.transfer) {
        out.outcome = InboxOutcome::linked;
        return out;
    }
    auto paid = note_paid(before.refund);
    if (!paid) return out;

    auto after = before;
    after.refund = *std::move(paid);
    after.since = now;
    after.state_reason = "transfer_told";
    after.transfer = transfer_told(credit);
    out.outcome = InboxOutcome::refund_paid;
    out.command = refund_command(before.refund, after, named.refund->changes, now, random);
    out.after = std::move(after);
    return out;
}

}  // namespace cho40::qr_pay
