#pragma once
#include "ledger/chart.h"
#include "ledger/command.h"
#include "qr-pay/bank_credit.h"
#include "qr-pay/credit_decision.h"
#include "qr-pay/match.h"
#include "qr-pay/payment_request.h"
#include <string>

namespace cho40::qr_pay {

// Names for ids of things this module only points at.
struct Payee;             // a stall or a fee notice
struct Owner;             // a stall or an agency: whose bank account it is
struct ReceivingAccountTag;
struct RailAccountTag;
struct CreditTag;
struct InboxTag;
struct UserTag;

enum class PayeeKind : std::int16_t { stall = 1, notice = 2 };
enum class OwnerKind : std::int16_t { stall = 1, agency = 2 };

// A bank account money arrives on, and whose it is.
struct ReceivingAccount {
    ledger::BookId book;
    Id<ReceivingAccountTag> id;
    OwnerKind owner_kind = OwnerKind::stall;
    Id<Owner> owner;
    ledger::OwnerOrdinal ordinal;
    std::string bank_bin;
    std::string account_number;
    std::string holder_name;
};

// A payment request with all that is kept about it.
struct StoredRequest {
    StoredRequest(PaymentRequest r, ledger::BookId b) : request(std::move(r)), book(b) {}

    PaymentRequest request;
    ledger::BookId book;
    PayeeKind payee_kind = PayeeKind::stall;
    Id<Payee> payee;
    ledger::OwnerOrdinal ordinal;
    Id<ReceivingAccountTag> account;
    std::string note;
    std::string client_ref;   // "" where none
    std::string qr_payload;
    std::string virtual_account;  // the account a provider gave out for this request alone; "" where none
    std::string reason;       // of the present state; "" where none
    Id<UserTag> created_by;
    Instant since;            // when the present state began
    Dong duplicates;          // second payments after it was settled: owed back to the payer
};

// What a notification that was kept turned out to be. Stored beside the raw bytes by its name.
enum class InboxOutcome : std::int16_t {
    booked = 1,
    repeated = 2,         // the same transfer was told before
    linked = 3,           // another rail told the same transfer under another reference
    money_out = 4,        // not a credit; kept for the refund it may belong to
    unknown_account = 5,  // nobody of ours is paid on this account: asked again until somebody is
    series_exhausted = 6, // the receipt that goes with the money has no number: asked again until it has
    differs = 7,          // told under a reference whose transfer had another amount: a person has to look
    refund_paid = 8,      // money out that pays a refund
    refund_differs = 9,   // names a refund and neither simply pays it nor sends it back: a person has to look
    refund_returned = 10, // the bank sent the transfer of a refund back
};
[[nodiscard]] std::string_view name_of(InboxOutcome outcome);
[[nodiscard]] std::optional<InboxOutcome> inbox_outcome_named(std::string_view name);
// Not the last word: it is found out again.
[[nodiscard]] bool is_asked_again(InboxOutcome outcome);

// The rows of this module that travel with ledger commands.
struct NewPaymentRequest final : ledger::AttachedRow {
    explicit NewPaymentRequest(StoredRequest r) : stored(std::move(r)) {}
    StoredRequest stored;
};
struct ChangedPaymentRequest final : ledger::AttachedRow {
    ChangedPaymentRequest(ledger::BookId b, PaymentRequest r, std::string why, Instant at)
        : book(b), request(std::move(r)), reason(std::move(why)), since(at)
    {
    }
    ledger::BookId book;
    PaymentRequest request;
    std::string reason;
    Instant since;
};
struct NewBankCredit final : ledger::AttachedRow {
    NewBankCredit(ledger::BookId b, Id<CreditTag> i, BankCredit c) : book(b), id(i), credit(std::move(c)) {}
    ledger::BookId book;
    Id<CreditTag> id;
    BankCredit credit;
    Sha256 dedupe{};
    Id<ReceivingAccountTag> account;
    Id<Owner> owner;
    Id<RailAccountTag> rail_account;
    Id<InboxTag> inbox;   // the notification that told it first
    Instant received_at;
    std::optional<Id<PaymentRequest>> request;
    std::optional<Id<PaymentRequest>> suggested;
    Match match;
    CreditReason reason = CreditReason::nameless;
    Dong refund_due;  // what of it is owed back to the payer
};
// Nameless money that a person said what it was for.
struct AssignedBankCredit final : ledger::AttachedRow {
    AssignedBankCredit(ledger::BookId b, Id<CreditTag> i, Id<PaymentRequest> r) : book(b), id(i), request(r) {}
    ledger::BookId book;
    Id<CreditTag> id;
    Id<PaymentRequest> request;
    CreditReason reason = CreditReason::exact;
    Dong refund_due;
};
struct RepeatedBankCredit final : ledger::AttachedRow {
    RepeatedBankCredit(ledger::BookId b, Id<CreditTag> i) : book(b), id(i) {}
    ledger::BookId book;
    Id<CreditTag> id;
};
// What a kept notification turned out to be. It may be found out again when it was for an unknown account or wanted a number.
struct MatchedNotification final : ledger::AttachedRow {
    MatchedNotification(ledger::BookId b, Id<InboxTag> i, InboxOutcome o, std::optional<Id<CreditTag>> c, Instant at)
        : book(b), inbox(i), outcome(o), credit(c), matched_at(at)
    {
    }
    ledger::BookId book;
    Id<InboxTag> inbox;
    InboxOutcome outcome;
    std::optional<Id<CreditTag>> credit;
    Instant matched_at;
};

}  // namespace cho40::qr_pay
