#pragma once
#include "fees/agency.h"
#include "fees/notice.h"
#include "qr-pay/records.h"

namespace cho40::fees {

// How far one attempt to pay over the national payment platform has come (fees.md §4.2).
enum class NationalState : std::int16_t { created = 1, pending = 2, succeeded = 3, failed = 4, expired = 5 };
[[nodiscard]] std::string_view national_state_name(NationalState state);
[[nodiscard]] bool is_open(NationalState state);  // created, pending: nobody has said how it ended

// One attempt. A payer may make several for one notice, and more than one of them may succeed.
struct NationalPayment {
    Id<NationalPayment> id;
    ledger::BookId book;
    Id<Agency> agency;
    Id<FeeNotice> notice;
    Id<qr_pay::PaymentRequest> request;  // what the money is booked for
    std::string order_code;              // of the request
    Id<qr_pay::RailAccountTag> rail_account;
    std::string reference;  // what the platform knows it by; never used twice
    std::string sent_time;  // as it was told when it was opened; every question repeats it to the letter
    Dong amount;
    NationalState state = NationalState::created;
    std::string reason;       // of failed and expired; "" otherwise
    std::string pay_url;      // where the payer goes; "" until the platform has said
    std::string transaction;  // the platform's own number; "" until told
    std::string bank;         // the payer's, as the platform names it; "" until told
    std::optional<Instant> called_at;  // the one call that opens it was begun. It may have been heard or not
    std::optional<Instant> paid_at;    // as booked
    bool is_booked = false;            // the money of a success is with the books, or will surely be
    bool has_bill = false;             // the platform's own receipt was fetched
    Instant created_at;
    Instant since;  // when the state began
    std::int64_t version = 1;
};

// What the platform said of an attempt.
struct NationalResult {
    enum class Kind { unknown, paid, failed };
    Kind kind = Kind::unknown;
    std::string code;         // its own word for it
    std::string transaction;  // "" when not told
    std::string bank;
    std::optional<Instant> told_paid_at;
};

// The steps of an attempt. Each gives it as it stands afterwards, version one higher. Paid wins over everything and is never left.
//
//   created ── pending ──┬─ succeeded
//      └────────┴────────┼─ failed ──── succeeded
//                        └─ expired ─── succeeded | failed

// Before the platform is called for the first and only time. Error: invalid_state (it was begun before).
[[nodiscard]] Result<NationalPayment> begin_call(NationalPayment payment, Instant now);
// The platform answered with the address for the payer. Nothing when the end is known already.
[[nodiscard]] std::optional<NationalPayment> opened(NationalPayment payment, std::string pay_url, Instant now);
// It was refused, or was surely never sent. Nothing when the end is known already.
[[nodiscard]] std::optional<NationalPayment> refused(NationalPayment payment, std::string reason, Instant now);
// What the platform said later. Nothing when that changes nothing: a failure told after a success, the same told again.
[[nodiscard]] std::optional<NationalPayment> judged(NationalPayment payment, NationalResult const& result, Instant now);
// Nobody knows, and nobody is asked any more: the platform's daily file decides. Nothing when the end is known.
[[nodiscard]] std::optional<NationalPayment> given_up(NationalPayment payment, Instant now);
[[nodiscard]] NationalPayment booked(NationalPayment payment);
[[nodiscard]] NationalPayment with_bill(NationalPayment payment);

// Whether a success under this number is other money than the success that is known: the payer's second payment, owed back.
[[nodiscard]] bool is_second_money(NationalPayment const& payment, NationalResult const& result);

// When it is looked at next; nothing when there is nothing left to do. An open attempt: is asked about, or given up on.
[[nodiscard]] std::optional<Instant> next_look(NationalPayment const& payment, Instant now);
// The moments after `begin` at which the platform is asked again: 1, 5, 15 and 30 minutes, then every hour to 72 hours. The first
// one after `now`; nothing when all have passed.
[[nodiscard]] std::optional<Instant> next_question(Instant begin, Instant now);

// The attempt that an intention to pay makes: the same key is the same attempt.
[[nodiscard]] Id<NationalPayment> national_payment_id(Id<FeeNotice> notice, std::string const& key);
// "dvc", the letters and digits of the dossier, yyMMddHHmmss in Vietnam's time.
[[nodiscard]] std::string national_reference(std::string_view dossier_code, Instant at);

// Where the platform collects for an agency until it pays out: an account without a bank, of the channel "provider". Reconciliation
// holds it against the platform's file, and the agency's own account against its bank's.
[[nodiscard]] std::string national_account_number(std::string_view agency_code);

// The money of a success as a rail tells of it. Pre: the result says paid, and fits `payment`.
[[nodiscard]] qr_pay::BankCredit national_credit(NationalPayment const& payment, NationalResult const& result, Agency const& agency,
                                                 Instant heard_at);

// The rows that travel with ledger commands.
struct NewNationalPayment final : ledger::AttachedRow {
    NewNationalPayment(NationalPayment p, std::optional<Instant> look) : payment(std::move(p)), look_at(look) {}
    NationalPayment payment;
    std::optional<Instant> look_at;
};
struct ChangedNationalPayment final : ledger::AttachedRow {
    ChangedNationalPayment(NationalPayment p, std::optional<Instant> look) : payment(std::move(p)), look_at(look) {}
    NationalPayment payment;
    std::optional<Instant> look_at;
};
// The platform's own receipt as it came: bytes, never read.
struct NationalBill final : ledger::AttachedRow {
    NationalBill(ledger::BookId b, Id<NationalPayment> p, std::string pdf, Instant at)
        : book(b), payment(p), bytes(std::move(pdf)), fetched_at(at)
    {
    }
    ledger::BookId book;
    Id<NationalPayment> payment;
    std::string bytes;
    Instant fetched_at;
};

}  // namespace cho40::fees
