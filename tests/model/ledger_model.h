#pragma once
#include "ledger/command.h"
#include <map>
#include <set>

namespace cho40::tests::model {

// The ledger as somebody would explain it at a blackboard: maps, loops, and a copy of the book to go back to. Written from
// the documentation of ledger/*.h, sharing no rule with ledger/posting.cpp, so that a mistake has to be made twice to pass.
struct Standing {
    ledger::Account account;
    std::int64_t posted = 0, debits_held = 0, credits_held = 0;
};

// What the ledger says to a command: it passes, it stood already, or one of `refusals` (more than one where a command is
// wrong in several ways and the order in which they are found depends on what is still in memory).
struct Verdict {
    std::set<Errc> refusals;
    ledger::Receipt receipt;

    [[nodiscard]] bool passes() const { return refusals.empty(); }
    [[nodiscard]] std::string to_string() const;
};

// What a mistake in the engine would look like, planted in the model: for the test of the test.
enum class Plant { nothing, forgets_held_amounts, forgets_to_reopen };

class LedgerModel {
public:
    explicit LedgerModel(Plant plant = Plant::nothing) : plant_(plant) {}

    // Pending transfers whose time is over by `at` end, oldest first.
    void begin_batch(Instant at);
    // Says what becomes of a command in the batch, and does it.
    Verdict apply(ledger::Command const& command);
    // Says what would become of it, `now` being when it is asked.
    [[nodiscard]] Verdict would(ledger::Command const& command, Instant now) const;

    // Rows made since the last call, in order.
    [[nodiscard]] std::vector<ledger::JournalRow> take_rows() { return std::exchange(fresh_rows_, {}); }
    [[nodiscard]] std::vector<ledger::JournalRow> const& rows() const { return rows_; }

    using Accounts = std::map<ledger::AccountNumber, Standing>;
    using Holds = std::map<Uuid, ledger::JournalRow>;  // by the pending transfer that made them
    struct Book {
        Accounts accounts;
        Holds holds;
        std::map<Uuid, ledger::TransferKind> ended;  // pending transfers that are over, and how
        std::int64_t seq = 0, events = 0;
        std::optional<Instant> closed_before;
    };
    [[nodiscard]] std::map<ledger::BookId, Book> const& books() const { return books_; }
    [[nodiscard]] std::optional<Instant> next_expiry() const;
    [[nodiscard]] Instant last_recorded() const { return recorded_at_; }

private:
    struct Known {
        ledger::BookId book;
        ledger::JournalRow row;
    };
    using Rows = std::vector<ledger::JournalRow>;

    [[nodiscard]] Verdict decide(ledger::Command const& command, Instant at, Book& book, Rows& rows) const;
    [[nodiscard]] std::optional<Verdict> known(ledger::Command const& command) const;
    [[nodiscard]] std::optional<Errc> open_accounts(ledger::Command const& command, Book& book) const;
    [[nodiscard]] std::optional<Errc> begin(ledger::JournalRow& row, Book& book) const;
    [[nodiscard]] std::optional<Errc> end(ledger::JournalRow& row, Book& book) const;
    void give_back(ledger::JournalRow const& hold, Book& book, bool reopen) const;
    void number(ledger::JournalRow& row, Book& book) const;
    void keep(Rows const& rows);

    Plant plant_;
    std::map<ledger::BookId, Book> books_;
    std::map<Uuid, Known> known_;
    std::map<Uuid, std::int64_t> versions_;
    Instant recorded_at_{};
    Rows rows_, fresh_rows_;
};

}  // namespace cho40::tests::model
