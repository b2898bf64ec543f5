#pragma once
#include "ledger/ports.h"
#include "qr-pay/records.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::qr_pay {

// A notification whose authenticity has been checked, with the bytes it came as.
struct Notification {
    Notification(ledger::BookId b, Id<RailAccountTag> r, BankCredit c) : book(b), rail_account(r), credit(std::move(c)) {}

    ledger::BookId book;               // of the rail account it was sent to
    Id<RailAccountTag> rail_account;
    BankCredit credit;
    std::string headers;               // JSON object, credentials removed
    std::string body;
    Instant received_at;
};

struct CreditQuery {
    ledger::BookId book;
    std::string account_number;
    std::string virtual_account;
    Sha256 dedupe{};
    std::vector<std::string> codes;    // codes the memo may hold, as text
    Dong amount;
    Instant booked_at;
};

struct StoredCredit {
    StoredCredit(Id<CreditTag> i, BankCredit c) : id(i), credit(std::move(c)) {}
    Id<CreditTag> id;
    BankCredit credit;
    std::optional<Id<PaymentRequest>> request;
};

// Everything a decision needs, read at one moment.
struct CreditFacts {
    std::optional<ReceivingAccount> account;
    std::optional<Id<CreditTag>> known;        // the same (account, reference) stands already
    std::vector<StoredCredit> alike;           // same account and amount, within two minutes
    std::vector<StoredRequest> requests;       // of this account, named by one of the codes
    std::vector<PaymentRequest> open;          // open requests of this account; only when no code was asked for
};

struct CreditFinder {
    virtual ~CreditFinder() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<CreditFacts>> find(CreditQuery query) = 0;
};

// What a decision means to the one who is paid: the transfers, and whatever must be true with them (receipts, a notice's
// state). One implementation for stalls, one for fee notices.
struct Consequences {
    std::vector<ledger::Transfer> transfers;
    std::vector<ledger::Guard> guards;
    std::vector<std::shared_ptr<ledger::AttachedRow const>> rows;
    std::vector<ledger::Event> events;
};

struct Booking {
    Booking(Notification const& n, CreditDecision d, ReceivingAccount a)
        : credit(n.credit), decision(std::move(d)), account(std::move(a)), received_at(n.received_at)
    {
    }

    BankCredit credit;
    CreditDecision decision;
    ReceivingAccount account;
    std::optional<StoredRequest> before;  // the request as it stood; nothing for nameless money
    Id<CreditTag> credit_id;
    std::string transfer_seed;            // transfers derive their ids from it: a retry makes the same ones
    Instant received_at;
};

struct PayeeRules {
    virtual ~PayeeRules() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<Consequences>> consequences(Booking booking) = 0;
};

struct Received {
    InboxOutcome outcome = InboxOutcome::booked;
    Id<CreditTag> credit;
    CreditReason reason = CreditReason::nameless;  // when booked
};

// Turns one notification into books: finds what its memo names, decides, posts, and leaves the event the stall's phone
// will hear. Safe to call again with the same credit, over any rail. Errors: unknown_receiving_account (kept in the
// inbox all the same), and what the ledger answers when it cannot write (unavailable, queue_full, writer_lost): then
// nothing was acknowledged and the provider will tell it again.
class ReceiveCredit {
public:
    ReceiveCredit(CreditFinder& finder, ledger::Ledger& ledger, PayeeRules& stalls, PayeeRules& agencies, Clock const& clock,
                  Random& random)
        : finder_(finder), ledger_(ledger), stalls_(stalls), agencies_(agencies), clock_(clock), random_(random)
    {
    }

    [[nodiscard]] boost::asio::awaitable<Result<Received>> operator()(Notification notification);

private:
    boost::asio::awaitable<Result<Received>> attempt(Notification notification);
    boost::asio::awaitable<Result<Received>> keep(Notification notification, InboxOutcome outcome, std::optional<Id<CreditTag>> credit);
    std::shared_ptr<NewInboxEntry> inbox_entry(Notification const& notification, InboxOutcome outcome, std::optional<Id<CreditTag>> credit);

    CreditFinder& finder_;
    ledger::Ledger& ledger_;
    PayeeRules& stalls_;
    PayeeRules& agencies_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::qr_pay
