#include "qr-pay/settle_refund.h"
#include "base/check.h"
#include "base/text.h"
#include "qr-pay/refund_posting.h"
#include <algorithm>

namespace cho40::qr_pay {
namespace {

struct Named {
    RefundFacts const* refund = nullptr;
    bool surely = false;  // by the rules that decide a credit; else a person has to look
    Match match;
};

Named find_refund(BankCredit const& credit, std::span<RefundFacts const> refunds)
{
    auto const by_code = [&](std::string_view code) -> RefundFacts const* {
        auto const it = std::ranges::find_if(refunds, [&](RefundFacts const& f) { return f.stored.refund.code.text() == code; });
        return it == refunds.end() ? nullptr : &*it;
    };
    if (!credit.order_code.empty()) {
        if (auto const* refund = by_code(credit.order_code)) return {refund, true, {MatchRule::provider_order, {}}};
    }
    auto const reading = extract_codes(credit.memo, [&](std::string_view code) { return by_code(code) != nullptr; });
    switch (reading.result) {
    case MemoResult::match: return {by_code(reading.codes.front()), true, {MatchRule::code, reading.spans.front()}};
    case MemoResult::ambiguous: return {by_code(reading.codes.front()), false, {MatchRule::several_codes, reading.spans.front()}};
    case MemoResult::suggest: return {by_code(reading.codes.front()), false, {MatchRule::code_nearly, reading.spans.front()}};
    case MemoResult::none: break;
    }
    return {};
}

// Whether the transfer that paid the refund is this one, told again.
std::optional<InboxOutcome> told_before(StoredRefund const& stored, BankCredit const& credit)
{
    auto const& paid = stored.transfer;
    if (!paid) return std::nullopt;
    if (paid->key == sha256(dedupe_key(credit))) return InboxOutcome::repeated;
    // A person copied the reference from a bank app, this rail does not tell one: of two transfers the code and the amount would
    // have to be the same.
    bool const entered_by_person = paid->rail.empty();
    if (entered_by_person && credit.bank_reference.empty()) return InboxOutcome::linked;
    if (entered_by_person) return std::nullopt;
    BankCredit known(paid->rail, paid->provider_id, credit.account_number, Direction::out, stored.refund.amount, paid->booked_at);
    known.bank_reference = paid->bank_reference;
    known.memo = paid->memo;
    return may_be_same_transfer(known, credit) ? std::optional(InboxOutcome::linked) : std::nullopt;
}

}  // namespace

RefundSettlement settle_refund(Notification const& notification, std::span<RefundFacts const> refunds, Instant now, Random& random)
{
    auto const& credit = notification.credit;
    CHO_CHECK(credit.direction == Direction::out);
    RefundSettlement out;
    auto const named = find_refund(credit, refunds);
    if (!named.refund) return out;
    auto const& before = named.refund->stored;
    out.refund = before;
    out.match = named.match;
    out.outcome = InboxOutcome::refund_differs;
    if (!named.surely || credit.amount != before.refund.amount) return out;
    if (auto const again = told_before(before, credit)) {
        out.outcome = *again;
        return out;
    }
    auto paid = note_paid(before.refund);
    if (!paid) return out;

    auto after = before;
    after.refund = *std::move(paid);
    after.since = now;
    after.state_reason = "transfer_told";
    RefundTransfer transfer;
    transfer.rail = credit.rail;
    transfer.provider_id = credit.provider_id;
    transfer.bank_reference = credit.bank_reference;
    transfer.memo = credit.memo;
    transfer.booked_at = credit.booked_at;
    transfer.key = sha256(dedupe_key(credit));
    after.transfer = std::move(transfer);
    out.outcome = InboxOutcome::refund_paid;
    out.command = refund_command(before.refund, after, named.refund->changes, now, random);
    return out;
}

}  // namespace cho40::qr_pay
