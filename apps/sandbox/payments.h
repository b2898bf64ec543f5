#pragma once
#include "apps/sandbox/bank.h"
#include "apps/sandbox/notifier.h"
#include "apps/sandbox/scenarios.h"
#include <deque>
#include <optional>
#include <string>
#include <vector>

namespace cho40::sandbox {

// What goes wrong on the way of this payment's notifications.
struct OrderedFaults {
    std::string rail_account;  // or empty: every one
    TellingFaults faults;
};

// What a buyer asks his bank to do.
struct PaymentOrder {
    std::string bank_bin;
    std::string account_number;
    Dong amount;
    std::string memo;
    Payer payer;
    std::string wrapper;
    std::optional<Instant> booked_at;
    std::optional<Scenario> scenario;    // none: by the amount
    std::optional<Instant> expires_at;   // of the payment request, for "late"; none: 15 minutes from now
    int repeat = 1;                      // each notification so many times
    std::optional<std::vector<std::string>> rails;  // who tells it; none: every rail account of the receiving account
    std::vector<OrderedFaults> faults = {};         // the first that fits a rail account; go before those it was given
    bool wait = true;                    // for the notifications of the next seconds
};

// Money back for a transfer.
struct RefundOrder {
    std::string reference;               // of the transfer that is paid back
    std::optional<Dong> amount;          // none: the whole
    std::string memo;                    // empty: "HOAN TIEN" and the order's code
    bool wait = true;                    // for the notifications
};

// What became of it so far.
struct PaymentReport {
    std::uint64_t number = 0;
    Scenario scenario = Scenario::plain;
    std::string outcome;                 // paid, in_doubt, not_paid, failed
    std::vector<Transfer> transfers;     // in the order of booking
    std::vector<Delivery> notifications; // first tries, while somebody waited
};

// The way from a buyer's order to transfers and notifications.
class Payments {
public:
    Payments(Bank& bank, Notifier& notifier, RailFaults const& rail_faults, observability::JobGroup& jobs, std::chrono::milliseconds second)
        : bank_(bank), notifier_(notifier), rail_faults_(rail_faults), jobs_(jobs), second_(second)
    {
    }

    // Errors: unknown_receiving_account, unknown_value (wrapper), invalid_input (a rail account that does not tell of it),
    // unavailable (shutting down).
    [[nodiscard]] boost::asio::awaitable<Result<PaymentReport>> pay(PaymentOrder order);
    // Booked at once, or, for the amount 20010, accepted and then failed.
    // Errors: not_found, invalid_state (more than there was), invalid_utf8.
    [[nodiscard]] boost::asio::awaitable<Result<PaymentReport>> refund(RefundOrder order);
    // Error: not_found.
    [[nodiscard]] Result<PaymentReport> find(std::uint64_t number) const;
    void reset() { reports_.clear(); }

private:
    using Report = std::shared_ptr<PaymentReport>;

    [[nodiscard]] Result<std::vector<RailAccount>> tellers(PaymentOrder const& order, ReceivingAccount const& account) const;
    [[nodiscard]] boost::asio::awaitable<Result<Done>> run(Step step, PaymentOrder order, std::vector<RailAccount> rails, Report report);
    [[nodiscard]] boost::asio::awaitable<void> run_later(Step step, PaymentOrder order, std::vector<RailAccount> rails, Report report);
    // Whom it is told to, and how.
    struct Audience {
        std::vector<RailAccount> rails;
        std::vector<OrderedFaults> faults;
        int repeat = 1;
    };
    [[nodiscard]] boost::asio::awaitable<void> tell(Step step, Transfer transfer, Audience audience, Report report);
    [[nodiscard]] TellingFaults faults_of(Step const& step, RailAccount const& rail, Transfer const& transfer,
                                          Audience const& audience) const;
    Report open(Scenario scenario, std::string_view answer);

    Bank& bank_;
    Notifier& notifier_;
    RailFaults const& rail_faults_;
    observability::JobGroup& jobs_;
    std::chrono::milliseconds second_;
    std::deque<Report> reports_;
};

}  // namespace cho40::sandbox
