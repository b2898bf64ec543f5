#pragma once
#include "qr-pay/refund_records.h"
#include <span>

namespace cho40::qr_pay {

// A transfer that named a refund, out or back in, as a rail told it, and what it was taken for.
struct RefundMovement {
    RefundMovement(Id<Refund> r, BankCredit t) : refund(r), transfer(std::move(t)) {}

    Id<Refund> refund;
    BankCredit transfer;
    InboxOutcome outcome = InboxOutcome::refund_differs;
    Match match;
    bool pays_another = false;  // a person has entered it as the transfer of another refund of the same money
};

// What left the account under a refund's code, held against what was to leave.
enum class Outflow {
    as_asked,       // nothing yet, or the refund's one transfer and nothing else
    in_parts,       // all of it in several transfers: a person has to say that it is done
    too_little,
    too_much,
    paid_twice,     // too much, because the whole left more than once
    not_asked_for,  // money left though nothing was to leave: not approved yet, closed, or sent back by the bank before
    unclear,        // the memo holds several codes, or one that is nearly this one
};
[[nodiscard]] std::string_view name_of(Outflow outflow);  // "too_little"

struct RefundOutflow {
    Outflow what = Outflow::as_asked;
    Dong left;      // by transfers that surely name it; of `unclear` by those that may
    Dong missing;   // of the refund's amount; 0 unless too_little
    Dong excess;    // what left and was not owed; 0 unless too_much, paid_twice or not_asked_for
    // Each transfer once, however many rails told it, without the one that was booked as the refund's; nothing when as_asked.
    std::vector<RefundMovement> movements;
};

// Judges all that was told of one refund; in the order it was told. Pure: what a bank tells later may change the answer.
// Money that comes back in is no part of it.
[[nodiscard]] RefundOutflow outflow_of(StoredRefund const& refund, std::span<RefundMovement const> told);

// What the payee has still to send for a refund that is due: all of it, or what is missing. 0 when that is for a person to find out:
// whoever sends more then may send it twice.
[[nodiscard]] Dong still_to_send(StoredRefund const& refund, RefundOutflow const& outflow);

}  // namespace cho40::qr_pay
