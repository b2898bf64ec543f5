#pragma once
#include "qr-pay/records.h"
#include "qr-pay/refund.h"

namespace cho40::qr_pay {

// The transfer that paid a refund: told by a rail, or entered by a person who saw it.
struct RefundTransfer {
    std::string rail;         // "" when a person entered it
    std::string provider_id;
    std::string bank_reference;
    std::string memo;
    Instant booked_at;
    Sha256 key{};             // of its dedupe_key: one transfer pays one refund
    std::string evidence;     // a person's words; "" when a rail told it
    Uuid entered_by;          // nil when a rail told it
};

// What money is given back of.
enum class RefundSubject : std::int16_t {
    payment = 1,  // a stall's payment request
    credit = 2,   // money to a stall that names no request
    notice = 3,   // a fee notice, however many payments it took
};
[[nodiscard]] std::string_view name_of(RefundSubject subject);

// A refund with all that is kept about it.
struct StoredRefund {
    StoredRefund(Refund r, ledger::BookId b) : refund(std::move(r)), book(b) {}

    Refund refund;
    ledger::BookId book;
    RefundSubject subject_kind = RefundSubject::payment;
    Uuid subject;
    Id<Owner> owner;                  // the stall or agency that gives back
    ledger::OwnerOrdinal ordinal;
    Id<ReceivingAccountTag> account;  // the money leaves it, as it came to it
    std::string account_number;
    std::int32_t place = 1;           // 1 for the first refund of its subject
    std::string reason_code;          // why money is given back: "returned_goods", …
    std::string reason_text;
    std::string state_reason;         // of the present state; "" where none
    Dong approval_from;               // from this amount on another person had to agree: the limit less what others of the subject hold
    Uuid made_by;                     // user or API key
    Uuid made_by_owner;               // the person behind it, where it was a key
    Uuid decided_by;                  // who approved or rejected it; nil where nobody had to, or has yet
    std::optional<Instant> decided_at;
    Instant since;                    // when the present state began
    std::optional<RefundTransfer> transfer;     // once it is done; stays when it is returned
    std::optional<RefundTransfer> returned_by;  // the credit by which the bank sent it back
};

// A refund as a decision needs it: `changes` counts what has happened to all refunds of its subject. Whoever writes states the
// count he has read, so that of two who decide at once one reads again.
struct RefundFacts {
    StoredRefund stored;
    std::int64_t changes = 0;
};
[[nodiscard]] ledger::Guard refunds_guard(Uuid const& subject, std::int64_t changes);

// The rows of refunds that travel with ledger commands.
struct NewRefund final : ledger::AttachedRow {
    explicit NewRefund(StoredRefund s) : stored(std::move(s)) {}
    StoredRefund stored;
};
struct ChangedRefund final : ledger::AttachedRow {
    explicit ChangedRefund(StoredRefund s) : stored(std::move(s)) {}
    StoredRefund stored;
};
// A transfer that names a refund, out or back in, whatever it turned out to be, and by which rule it was taken to name it.
struct ToldRefundTransfer final : ledger::AttachedRow {
    ToldRefundTransfer(ledger::BookId b, Id<InboxTag> i, Id<Refund> r, InboxOutcome o, Match m, Instant at)
        : book(b), inbox(i), refund(r), outcome(o), match(m), told_at(at)
    {
    }
    ledger::BookId book;
    Id<InboxTag> inbox;
    Id<Refund> refund;
    InboxOutcome outcome;
    Match match;
    Instant told_at;
};

}  // namespace cho40::qr_pay
