#include "qr-pay/return_refund.h"
#include "base/check.h"
#include "qr-pay/find_refund.h"
#include "qr-pay/refund_posting.h"
#include <algorithm>

namespace cho40::qr_pay {

std::optional<RefundSettlement> settle_return(Notification const& notification, std::span<RefundFacts const> refunds, Instant now,
                                              Random& random)
{
    auto const& credit = notification.credit;
    CHO_CHECK(credit.direction == Direction::in);
    auto const key = sha256(dedupe_key(credit));
    auto const known = std::ranges::find_if(refunds,
                                            [&](RefundFacts const& f) { return f.stored.returned_by && f.stored.returned_by->key == key; });
    if (known != refunds.end()) {  // whatever words it is told with
        RefundSettlement again;
        again.refund = known->stored;
        again.outcome = InboxOutcome::repeated;
        return again;
    }
    auto named = find_by_code(credit, refunds);
    if (!named.refund) named = find_by_reference(credit, refunds);
    if (!named.refund) return std::nullopt;

    auto const& before = named.refund->stored;
    RefundSettlement out;
    out.refund = before;
    out.match = named.match;
    out.outcome = InboxOutcome::refund_differs;
    if (!named.surely || credit.amount != before.refund.amount) return out;
    auto const again = before.returned_by ? told_before(*before.returned_by, before.refund.amount, credit) : std::nullopt;
    if (again) {
        out.outcome = *again;
        return out;
    }
    auto returned = note_returned(before.refund);
    if (!returned) return out;

    auto after = before;
    after.refund = *std::move(returned);
    after.since = now;
    after.state_reason = "sent_back";
    after.returned_by = transfer_told(credit);
    out.outcome = InboxOutcome::refund_returned;
    out.command = refund_command(before.refund, after, named.refund->changes, now, random);
    out.after = std::move(after);
    return out;
}

}  // namespace cho40::qr_pay
