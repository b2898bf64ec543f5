#pragma once
#include "qr-pay/refund_records.h"

namespace cho40::qr_pay {

// What a step of a refund means to the owner's accounts. Pure; ids follow from the refund, so that a step is posted once.
//
//   enters the books (due)                  its parts  -> refund due   what each was booked as        refund_owed
//   is paid (done)                          refund due -> bank         the whole amount               refund_paid
//   was paid and is sent back (returned)    bank       -> refund due   the whole amount               reversal
//   leaves them unpaid (cancelled, failed,
//     returned whether paid or not)         refund due -> its parts                                   refund_dropped
//
// A part is a sale, nameless money, phí or lệ phí. What was owed back already (surplus, second payment) has stood in refund due
// since it came, and stays there until it is paid.
// Pre: after is one step behind before; no `before`: it has just been made.
[[nodiscard]] std::vector<ledger::Transfer> transfers_for(std::optional<Refund> const& before, StoredRefund const& after, Instant at);

// One step as a command: transfers, row, the guard on all refunds of its subject, and the event the payee's phone hears.
[[nodiscard]] ledger::Command refund_command(std::optional<Refund> const& before, StoredRefund const& after, std::int64_t changes,
                                             Instant now, Random& random);

// What the payee's phone hears of a refund: its state, or "differs": money left under its code that is not simply it.
[[nodiscard]] ledger::Event refund_event(StoredRefund const& refund, std::string_view what, Instant now, Random& random);

// One transfer pays one refund, whoever tells it.
[[nodiscard]] ledger::Guard transfer_guard(ledger::BookId book, Sha256 const& key);

}  // namespace cho40::qr_pay
