#pragma once
#include "base/dong.h"
#include "base/result.h"
#include "base/time.h"
#include "base/uuid.h"
#include "ledger/chart.h"
#include "qr-pay/order_code.h"
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace cho40::qr_pay {

// The life of a refund. Nobody but the payee's bank moves the money: a refund is the promise to give back and the search for the
// transfer that keeps it.
//
//   awaiting_approval ─┬─ due ─┬──────────────────── done ─── returned   the bank sent the transfer back
//                      │       ├─ in_doubt ─┬─ sent ─┤       a provider was asked to make the transfer
//                      │       │            ├────────┘
//                      │       │            └─ failed        it refused: nothing was sent
//                      │       └─ cancelled (from in_doubt and sent only by somebody who saw that nothing left the account)
//                      └─ rejected | cancelled
//
// The last row of each branch is finished; only a bank that sends the transfer back moves one, from done to returned. It may do
// so before any rail has told that the transfer was made: returned is reached from due, in_doubt and sent too. A refund is one
// transfer at most: to give the money back after all is another refund.
enum class RefundState { awaiting_approval, due, in_doubt, sent, done, rejected, cancelled, failed, returned };
[[nodiscard]] std::string_view name_of(RefundState state);  // "awaiting_approval"
[[nodiscard]] std::optional<RefundState> refund_state_named(std::string_view name);
[[nodiscard]] bool is_finished(RefundState state);
// Counts against what may still be refunded: done or on its way there, approval included.
[[nodiscard]] bool holds_amount(RefundState state);
// The amount stands in the books as owed to the payer: due, in_doubt, sent.
[[nodiscard]] bool stands_in_books(RefundState state);

// Who makes the transfer.
enum class RefundMethod : std::int16_t {
    bank_transfer = 1,  // the payee, in the bank's app, with the refund's code in the memo
    provider = 2,       // the provider of the rail that told of the payment, by its refund call
};
[[nodiscard]] std::string_view name_of(RefundMethod method);

// Where a part of the money had been booked: of a sale one part, of a fee one for each line of a receipt.
struct RefundPart {
    ledger::AccountKind from = ledger::AccountKind::sales;
    Dong amount;             // > 0
    Uuid paper;              // the receipt whose line it is; nil where none
    std::int32_t line = 0;   // of the paper, from 1
};

struct Refund {
    Refund(Id<Refund> refund, OrderCode own, Dong sum, Instant at) : id(refund), code(std::move(own)), amount(sum), created_at(at) {}

    Id<Refund> id;
    OrderCode code;  // of its own, for the memo of the transfer
    Dong amount;     // > 0
    Dong from_owed;  // what of it was owed back already (surplus, second payment)
    std::vector<RefundPart> parts;  // the rest, by what it had been booked as; they add up to it
    RefundMethod method = RefundMethod::bank_transfer;
    RefundState state = RefundState::due;
    Instant created_at;
    std::int64_t version = 1;

    [[nodiscard]] Dong not_owed() const { return Dong(amount.count() - from_owed.count()); }
};

// Each returns the refund as it is afterwards, version one higher, or invalid_state.
[[nodiscard]] Result<Refund> approve(Refund refund);          // awaiting_approval -> due
[[nodiscard]] Result<Refund> reject(Refund refund);           // awaiting_approval -> rejected
[[nodiscard]] Result<Refund> begin_call(Refund refund);       // due, by provider -> in_doubt, before the provider is called
[[nodiscard]] Result<Refund> note_sent(Refund refund);        // in_doubt -> sent: the provider took it
[[nodiscard]] Result<Refund> note_refused(Refund refund);     // in_doubt -> failed: the provider refused it
[[nodiscard]] Result<Refund> note_paid(Refund refund);        // due, in_doubt, sent -> done
[[nodiscard]] Result<Refund> note_returned(Refund refund);    // due, in_doubt, sent, done -> returned
// awaiting_approval, due -> cancelled; in_doubt, sent too when `surely_not_sent`.
[[nodiscard]] Result<Refund> cancel(Refund refund, bool surely_not_sent);

// What came for a payment and what has become of it.
struct Refundable {
    Dong received;  // every credit of the payment, second payments included
    Dong owed;      // what of it was owed back from the start
    Dong refunded;  // amounts held by its refunds
    Dong refunded_from_owed;

    [[nodiscard]] Dong left() const { return Dong(received.count() - refunded.count()); }
    [[nodiscard]] Dong owed_left() const;
};

// Sums over a payment's refunds. Pre: received and owed are sums of what the ledger holds.
[[nodiscard]] Refundable refundable_of(Dong received, Dong owed, std::span<Refund const> refunds);

struct RefundWish {
    Dong amount;
    Dong expected;  // what the one who asks believes can still be refunded
};
// What of the amount is taken from what is owed already. Errors: version_mismatch (expected is not what is left, which is told),
// amount_exceeds_refundable, amount_not_positive.
[[nodiscard]] Result<Dong> check_wish(RefundWish wish, Refundable const& refundable);

}  // namespace cho40::qr_pay
