#pragma once
#include "fees/records.h"
#include "fees/remittance_order.h"
#include "ledger/extra.h"
#include "ledger/ports.h"

namespace cho40::fees {

enum class RemittanceState : std::int16_t { awaiting_approval = 1, approved = 2, rejected = 3 };
[[nodiscard]] std::string_view remittance_state_name(RemittanceState state);

// A user or an API key, and the person behind it.
struct RemittanceActor {
    Uuid id, owner;
};

// A line of a statement that names an order with another amount than the order's: a break, which a person has to resolve.
struct RemittanceDifference {
    std::string code;  // of the order
    StatementOf whose = StatementOf::collector;
    Dong amount;       // of the line
    Day day;
    std::string reference;
    friend bool operator==(RemittanceDifference const&, RemittanceDifference const&) = default;
};

// What a collector pays into the budget for a period: made by one person, approved by another, each order followed to the
// treasury. What was planned never changes.
struct Remittance {
    Id<Remittance> id;
    ledger::BookId book;
    Id<Agency> agency;
    ledger::OwnerOrdinal ordinal{1};
    std::int64_t number = 0;  // of the agency's remittances, rejected ones included, from 1
    RemittancePlan plan;
    std::vector<RemittanceOrder> orders;
    std::vector<RemittanceDifference> differences;
    RemittanceState state = RemittanceState::awaiting_approval;
    Uuid made_by, made_by_owner;
    Instant made_at;
    Uuid decided_by;  // nil while nobody has
    std::optional<Instant> decided_at;
    std::string reason;  // of a rejection
    Instant changed_at;
    std::int64_t version = 1;

    // Nothing more can become of it by itself.
    [[nodiscard]] bool is_finished() const;
};

struct NewRemittance final : ledger::AttachedRow {
    explicit NewRemittance(Remittance r) : remittance(std::move(r)) {}
    Remittance remittance;
};
struct ChangedRemittance final : ledger::AttachedRow {
    explicit ChangedRemittance(Remittance r) : remittance(std::move(r)) {}
    Remittance remittance;
};
// Keeps a reference from ever being made twice in a book.
struct NewRemittanceCode final : ledger::AttachedRow {
    NewRemittanceCode(ledger::BookId b, Id<Remittance> r, RemittanceCode c) : book(b), remittance(r), code(std::move(c)) {}
    ledger::BookId book;
    Id<Remittance> remittance;
    RemittanceCode code;
};

// What the use cases read, in this module's words.
struct RemittanceSources {
    virtual ~RemittanceSources() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<Remittance>>> find_remittance(Id<Remittance> id) = 0;
    // How many an agency ever made, and the newest that was not rejected.
    struct Chain {
        std::int64_t made = 0;
        std::optional<Remittance> newest;
    };
    [[nodiscard]] virtual boost::asio::awaitable<Result<Chain>> chain_of(ledger::BookId book, Id<Agency> agency) = 0;
    // Money of the agency's receipts that counts in the period, added up by fee, day and day of the receipt.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<BudgetMovement>>> movements_in(ledger::BookId book, Id<Agency> agency,
                                                                                                   RemittancePeriod period) = 0;
    // The local day of its first receipt; nothing where it has none.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<Day>>> first_receipt_day(ledger::BookId book, Id<Agency> agency) = 0;
};

// Remittances as people make, approve and follow them. The periods of an agency follow each other without gap or overlap, so that every
// đồng is remitted once; of two that are made at once one is refused as stale.
class Remit {
public:
    // A receipt's time is set a moment before it is durable: a day can be remitted this long after its end.
    static constexpr std::chrono::minutes day_settles_in{15};

    Remit(RemittanceSources& sources, Agencies const& shares, ledger::Ledger& ledger, Clock const& clock, Random& random)
        : sources_(sources), shares_(shares), ledger_(ledger), clock_(clock), random_(random)
    {
    }

    // What make() would make. Errors: invalid_period (not over yet, or not the next after the last remittance; the right first day is
    // named), invalid_state (one waits for approval; nothing was collected), and those of plan_remittance.
    [[nodiscard]] boost::asio::awaitable<Result<RemittancePlan>> preview(RegisteredAgency agency, RemittancePeriod period);
    // Errors: those of preview, stale.
    [[nodiscard]] boost::asio::awaitable<Result<Remittance>> make(RegisteredAgency agency, RemittancePeriod period, RemittanceActor by,
                                                                  ledger::Extra<Remittance> extra);

    // Gives the orders; of an approved one, those again that were sent back. The collector's share and what is due part in the books.
    // Errors: not_found, maker_cannot_check (who made it, or who noted the return), invalid_state, equation_failed, stale.
    [[nodiscard]] boost::asio::awaitable<Result<Remittance>> approve(Id<Remittance> id, RemittanceActor by,
                                                                     ledger::Extra<Remittance> extra);
    // The period is free again. Errors: not_found, maker_cannot_check, invalid_state, stale.
    [[nodiscard]] boost::asio::awaitable<Result<Remittance>> reject(Id<Remittance> id, RemittanceActor by, std::string reason,
                                                                    ledger::Extra<Remittance> extra);
    // The bank or the treasury sent an order back. Errors: not_found (also no such order), invalid_state, stale.
    [[nodiscard]] boost::asio::awaitable<Result<Remittance>> note_returned(Id<Remittance> id, std::string code, std::string why,
                                                                           RemittanceActor by, ledger::Extra<Remittance> extra);
    // A person has the treasury's paper. Errors: as above.
    [[nodiscard]] boost::asio::awaitable<Result<Remittance>> confirm(Id<Remittance> id, std::string code, TreasuryPaper paper,
                                                                     ledger::Extra<Remittance> extra);

    struct Heard {
        std::vector<LineReading> readings;   // beside the lines; `order` counts in `codes`
        std::vector<std::string> codes;      // of the orders that were looked at
        std::vector<Remittance> changed;
    };
    // Lines of statements against the agency's orders. What fits exactly moves its order on; what differs is kept with the remittance.
    // Told again, nothing more happens. Errors: stale.
    [[nodiscard]] boost::asio::awaitable<Result<Heard>> hear(RegisteredAgency agency, std::vector<Remittance> remittances,
                                                             std::vector<StatementLine> lines, ledger::Extra<Heard> extra);

private:
    struct Ready {
        RemittancePlan plan;
        std::int64_t made = 0;
    };
    boost::asio::awaitable<Result<Ready>> prepare(RegisteredAgency agency, RemittancePeriod period);
    boost::asio::awaitable<Result<Remittance>> existing(Id<Remittance> id);
    boost::asio::awaitable<Result<Remittance>> write(Remittance before, Remittance after, ledger::Extra<Remittance> extra);

    RemittanceSources& sources_;
    Agencies const& shares_;
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

// What a step means in the books:
//   approved              fees -> retained: the collector's share (the other way when refunds outweigh it)
//                         fees, charges -> budget_due: each order
//   an order has left     budget_due -> bank
//   it came back          bank -> budget_due
[[nodiscard]] std::vector<ledger::Transfer> transfers_for(Remittance const& before, Remittance const& after, Instant now);

}  // namespace cho40::fees
