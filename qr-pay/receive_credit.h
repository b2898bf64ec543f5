#pragma once
#include "ledger/ports.h"
#include "qr-pay/notification.h"
#include "qr-pay/refund_records.h"
#include <array>
#include <boost/asio/awaitable.hpp>

namespace cho40::qr_pay {

// Transfers told by several rails may be one although their references do not say so; to look for them is to look at these
// spans of time, the one the transfer was booked in and its neighbours. Longer than the clocks of two rails differ.
inline constexpr auto alike_span = std::chrono::minutes(3);
[[nodiscard]] std::int64_t alike_span_of(Instant booked_at);

struct CreditQuery {
    ledger::BookId book;
    Id<InboxTag> inbox;
    std::string account_number;
    std::string virtual_account;       // "" where there is none
    Sha256 dedupe{};
    Direction direction = Direction::in;
    std::vector<std::string> codes;    // codes the memo may hold, as text
    std::string memo;
    Dong amount;
    std::string squeezed_memo;
    Instant booked_at;
};

struct StoredCredit {
    StoredCredit(Id<CreditTag> i, BankCredit c) : id(i), credit(std::move(c)) {}
    Id<CreditTag> id;
    BankCredit credit;  // what was not stored is empty
    std::vector<std::string> retold_by;  // rails besides its own that told it
    std::int64_t links = 0;              // how often, under references that do not say so
};

struct KnownCredit {
    Id<CreditTag> id;
    std::optional<Id<InboxTag>> inbox;  // the notification that told it first
    Dong amount;
    CreditReason reason = CreditReason::nameless;
};

struct Received {
    InboxOutcome outcome = InboxOutcome::booked;
    Id<CreditTag> credit;
    CreditReason reason = CreditReason::nameless;  // when booked
};

// Everything a decision needs. What this very notification turned out to be is read last: whatever the rest shows of it, that
// shows too.
struct CreditFacts {
    std::optional<Received> matched;           // told again, or swept, while somebody else found it out; nothing to decide
    std::optional<ReceivingAccount> account;
    // The rail told, as the account itself, one that was given out for a request; this is the account the money came to. Only when
    // no account of ours has the number that was told.
    std::optional<std::string> account_behind;
    std::optional<KnownCredit> known;          // the same (account, reference) stands already
    std::vector<StoredCredit> alike;           // all of this account with the same amount and squeezed memo in the three spans
    std::vector<StoredRequest> requests;       // of this account, named by one of the codes or by the virtual account
    std::vector<PaymentRequest> open;          // open requests of this account that lack this amount; only when no code was asked for
    std::vector<RefundFacts> refunds;          // named by one of the codes, or by what paid them or sent them back
};

struct CreditFinder {
    virtual ~CreditFinder() = default;
    // One answer for each query, in order. Errors: unavailable.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<CreditFacts>>> find(std::vector<CreditQuery> queries) = 0;
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
    ledger::AccountKind from = ledger::AccountKind::bank;  // where the money stands: nameless when a person says what it was for
    std::string transfer_seed;            // transfers derive their ids from it: a retry makes the same ones
    Instant received_at;
};

// One step of a refund. Its own transfers are those of refund_posting.h.
struct RefundStep {
    StoredRefund before;
    StoredRefund after;
};

struct PayeeRules {
    virtual ~PayeeRules() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<Consequences>> consequences(Booking booking) = 0;
    // What else must be true with a step of a refund; nothing, unless papers were made of the money.
    [[nodiscard]] virtual boost::asio::awaitable<Result<Consequences>> consequences_of(RefundStep) { co_return Consequences{}; }
};

void add_consequences(ledger::Command& command, Consequences more);

// The credit that a transfer becomes, whoever tells it under its reference.
[[nodiscard]] Id<CreditTag> credit_id_of(ledger::BookId book, BankCredit const& credit);

class TwinGuards;
struct RefundSettlement;

// Turns notifications that were kept into books: finds what each memo names, decides, posts, and leaves the event the stall's
// phone will hear. Many at once share one look into the database and one batch of the ledger. Safe to call again with the
// same, over any rail and by any instance: what is decided from facts that have changed since is refused by the ledger, read
// and decided again. Errors of one: what the ledger answers when it cannot write (unavailable, queue_full, writer_lost, stale
// after many rounds). Then nothing of it happened.
class ReceiveCredit {
public:
    ReceiveCredit(CreditFinder& finder, ledger::Ledger& ledger, PayeeRules& stalls, PayeeRules& agencies, Clock const& clock,
                  Random& random)
        : finder_(finder), ledger_(ledger), stalls_(stalls), agencies_(agencies), clock_(clock), random_(random)
    {
    }

    [[nodiscard]] boost::asio::awaitable<std::vector<Result<Received>>> operator()(std::vector<Notification> notifications);

private:
    // What one notification leads to; without a command there is nothing to write.
    struct Plan {
        Received received;
        std::optional<ledger::Command> command;
        bool must_wait = false;  // for another of this round
    };
    boost::asio::awaitable<Result<Plan>> plan(Notification const& notification, CreditFacts facts, TwinGuards& twins);
    boost::asio::awaitable<Result<Plan>> plan_refund(Notification const& notification, RefundSettlement settlement);
    Plan note(Notification const& notification, InboxOutcome outcome, std::optional<Id<CreditTag>> credit);

    CreditFinder& finder_;
    ledger::Ledger& ledger_;
    PayeeRules& stalls_;
    PayeeRules& agencies_;
    Clock const& clock_;
    Random& random_;
};

}  // namespace cho40::qr_pay
