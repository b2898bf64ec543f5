#pragma once
#include "ledger/extra.h"
#include "ledger/ports.h"
#include "qr-pay/find_refund.h"
#include "qr-pay/receive_credit.h"

namespace cho40::qr_pay {

// Who does something to a refund.
struct RefundActor {
    Uuid id;     // user or API key
    Uuid owner;  // the person behind it: whom the key was made for, or the user
    // A helper of a stall gives back small sums; from the limit on it is the owner's money to decide about.
    bool is_helper = false;
};

// What money is given back of, with all that its refunds are decided by, read at one moment.
struct RefundBasis {
    ledger::BookId book;
    RefundSubject kind = RefundSubject::payment;
    Uuid subject;
    Id<Owner> owner;
    ledger::OwnerOrdinal ordinal;
    Id<ReceivingAccountTag> account;
    std::string account_number;  // the money came to it and leaves it again
    ledger::AccountKind booked_as = ledger::AccountKind::sales;  // what is not owed, unless the order says more
    Dong received;               // every credit of the subject
    Dong owed;                   // what of them was owed back from the start
    std::vector<Refund> refunds;
    std::optional<PaymentRequest> request;  // of a stall's payment

    [[nodiscard]] Refundable refundable() const { return refundable_of(received, owed, refunds); }
    // What has happened to its refunds so far; see RefundFacts::changes.
    [[nodiscard]] std::int64_t changes() const;
};

struct RefundOrder {
    RefundWish wish;
    // What is to be taken from what; the rest is what is owed already. Nothing: what is owed first, then as it was booked.
    std::optional<std::vector<RefundPart>> parts;
    RefundMethod method = RefundMethod::bank_transfer;
    std::string reason_code;
    std::string reason_text;  // "" for none
    RefundActor by;
};

// What a person who saw the transfer says of it.
struct SeenTransfer {
    std::string bank_reference;
    std::string evidence;
    std::optional<Instant> booked_at;  // nothing: now
};

// Refunds as people ask for them, approve them and finish them. From the limit on, counted over all that is and was given back of the
// same money, a second person has to agree: the maker never does, under no other role and behind no API key of his.
// Errors of all: stale (something changed meanwhile: read again).
class MakeRefund {
public:
    MakeRefund(ledger::Ledger& ledger, PayeeRules& agencies, Clock const& clock, Random& random, Dong approval_from)
        : ledger_(ledger), agencies_(agencies), clock_(clock), random_(random), approval_from_(approval_from)
    {
    }

    // Errors: those of check_wish; amount_exceeds_refundable (parts that leave more than is owed already); forbidden (a helper above
    // the limit); invalid_state (the payment still waits for its rest and not all that came is given back).
    // A payment that waits for its rest is closed with its refund: what came is given back.
    [[nodiscard]] boost::asio::awaitable<Result<StoredRefund>> request(RefundBasis basis, RefundOrder order,
                                                                       ledger::Extra<StoredRefund> extra);
    // Errors: maker_cannot_check, invalid_state.
    [[nodiscard]] boost::asio::awaitable<Result<StoredRefund>> approve_one(RefundFacts refund, RefundActor by,
                                                                           ledger::Extra<StoredRefund> extra);
    [[nodiscard]] boost::asio::awaitable<Result<StoredRefund>> reject_one(RefundFacts refund, RefundActor by, std::string why,
                                                                          ledger::Extra<StoredRefund> extra);
    // Errors: invalid_state.
    [[nodiscard]] boost::asio::awaitable<Result<StoredRefund>> cancel_one(RefundFacts refund, bool surely_not_sent,
                                                                          ledger::Extra<StoredRefund> extra);
    // Errors: invalid_state, duplicate_bank_reference (another refund was paid by this transfer).
    [[nodiscard]] boost::asio::awaitable<Result<StoredRefund>> complete(RefundFacts refund, SeenTransfer seen, RefundActor by,
                                                                        ledger::Extra<StoredRefund> extra);

private:
    boost::asio::awaitable<Result<StoredRefund>> write(RefundFacts before, Result<Refund> after, std::string reason, RefundActor decided_by,
                                                       ledger::Extra<StoredRefund> extra);

    ledger::Ledger& ledger_;
    PayeeRules& agencies_;
    Clock const& clock_;
    Random& random_;
    Dong approval_from_;
};

}  // namespace cho40::qr_pay
