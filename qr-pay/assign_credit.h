#pragma once
#include "ledger/extra.h"
#include "qr-pay/receive_credit.h"

namespace cho40::qr_pay {

// A person says what nameless money was for: a suggestion confirmed, or a request named.
struct Assignment {
    Assignment(ledger::BookId b, Id<CreditTag> i, BankCredit c, StoredRequest r)
        : book(b), id(i), credit(std::move(c)), request(std::move(r))
    {
    }

    ledger::BookId book;
    Id<CreditTag> id;
    BankCredit credit;
    StoredRequest request;  // of the same account
    ReceivingAccount account;
    std::int64_t refund_changes = 0;  // of the credit, as they were read: none holds any of it
};

// Stands in the way of whoever else decides about the same nameless money: it is assigned once, at version 1 of its credit.
[[nodiscard]] ledger::Guard unassigned_guard(Id<CreditTag> credit);

// Moves it to where it would have gone had its memo held the code: decided by when it was booked, as every credit is. Once; the
// rule that is stored with it is by_hand. Pre: the credit is a stall's, names no request, and was received on `account`.
// Errors: stale (the credit or the request changed meanwhile), and what the ledger answers.
class AssignCredit {
public:
    AssignCredit(ledger::Ledger& ledger, PayeeRules& stalls, Clock const& clock, Random& random)
        : ledger_(ledger), stalls_(stalls), clock_(clock), random_(random)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<CreditDecision>> operator()(Assignment assignment, ledger::Extra<CreditDecision> extra);

private:
    ledger::Ledger& ledger_;
    PayeeRules& stalls_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::qr_pay
