#include "qr-pay/refund_outflow.h"
#include <algorithm>
#include <array>

namespace cho40::qr_pay {
namespace {

constexpr std::array<std::string_view, 7> names = {"as_asked",   "in_parts",      "too_little", "too_much",
                                                   "paid_twice", "not_asked_for", "unclear"};

bool is_sure(Match const& match) { return match.rule == MatchRule::code || match.rule == MatchRule::provider_order; }

bool is_same_transfer(RefundMovement const& a, RefundMovement const& b)
{
    return dedupe_key(a.transfer) == dedupe_key(b.transfer) || may_be_same_transfer(a.transfer, b.transfer);
}

// Every transfer once. What was booked stands for what other rails, or the same one with another amount, told of it.
std::vector<RefundMovement> each_once(std::span<RefundMovement const> told)
{
    std::vector<RefundMovement> once;
    auto const take = [&](InboxOutcome outcome) {
        for (auto const& movement : told) {
            if (movement.outcome != outcome || movement.transfer.direction != Direction::out || movement.pays_another) continue;
            bool const known = std::ranges::any_of(once, [&](RefundMovement const& other) { return is_same_transfer(other, movement); });
            if (!known) once.push_back(movement);
        }
    };
    take(InboxOutcome::refund_paid);
    take(InboxOutcome::refund_differs);
    return once;
}

bool is_entered(RefundTransfer const& transfer) { return transfer.rail.empty(); }

// Whether the movement is the transfer that a person entered: by its reference, or where the rail tells none, by nothing against it.
bool may_be_entered(RefundTransfer const& entered, RefundMovement const& movement)
{
    return movement.transfer.bank_reference.empty() || entered.key == sha256(dedupe_key(movement.transfer));
}

bool is_to_leave(RefundState state) { return stands_in_books(state) || state == RefundState::done; }

Dong plus(Dong a, Dong b) { return Dong(a.count() + b.count()); }  // of a hundred transfers at most
Dong minus(Dong a, Dong b) { return Dong(a.count() - b.count()); }

}  // namespace

std::string_view name_of(Outflow outflow) { return names[static_cast<std::size_t>(outflow)]; }

RefundOutflow outflow_of(StoredRefund const& stored, std::span<RefundMovement const> told)
{
    auto const& refund = stored.refund;
    RefundOutflow out;
    Dong unclear;
    int whole = 0;            // transfers of exactly the amount
    bool is_settled = false;  // the transfer that is known is among what was told
    for (auto& movement : each_once(told)) {
        bool const is_entered_one = stored.transfer && is_entered(*stored.transfer) && may_be_entered(*stored.transfer, movement);
        bool const is_booked = movement.outcome == InboxOutcome::refund_paid;
        if (is_sure(movement.match) || is_entered_one || is_booked) {
            out.left = plus(out.left, movement.transfer.amount);
            whole += movement.transfer.amount == refund.amount ? 1 : 0;
        } else {
            unclear = plus(unclear, movement.transfer.amount);
        }
        is_settled = is_settled || is_entered_one || is_booked;
        if (!is_booked) out.movements.push_back(std::move(movement));
    }
    if (stored.transfer && !is_settled) {
        out.left = plus(out.left, refund.amount);
        ++whole;
    }

    auto const known = stored.transfer ? refund.amount : Dong();
    auto const to_leave = is_to_leave(refund.state) ? refund.amount : known;
    if (out.left > to_leave) {
        out.excess = minus(out.left, to_leave);
        out.what = !is_to_leave(refund.state) ? Outflow::not_asked_for : whole > 1 ? Outflow::paid_twice : Outflow::too_much;
    } else if (out.left.is_positive() && out.left < to_leave) {
        out.missing = minus(to_leave, out.left);
        out.what = Outflow::too_little;
    } else if (out.left.is_positive() && stands_in_books(refund.state)) {
        out.what = Outflow::in_parts;
    } else if (unclear.is_positive()) {
        out.what = Outflow::unclear;
        out.left = unclear;
    } else {
        out.movements.clear();
    }
    return out;
}

Dong still_to_send(StoredRefund const& refund, RefundOutflow const& outflow)
{
    if (refund.refund.state != RefundState::due) return {};
    if (outflow.what == Outflow::as_asked) return refund.refund.amount;
    return outflow.missing;
}

}  // namespace cho40::qr_pay
