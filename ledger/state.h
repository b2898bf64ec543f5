#pragma once
#include "ledger/command.h"
#include <deque>
#include <unordered_map>

namespace cho40::ledger {

// What a batch of commands became: the rows to make durable, and an outcome for each command in the order given.
struct NumberedEvent {
    BookId book;
    std::int64_t seq = 0;
    Instant at;
    Event event;
};

struct Batch {
    Instant recorded_at;
    std::vector<JournalRow> journal;
    std::vector<std::pair<BookId, Account>> opened;
    std::vector<NumberedEvent> events;
    std::vector<std::shared_ptr<AttachedRow const>> rows;
    std::vector<Result<Receipt>> outcomes;

    [[nodiscard]] bool writes_nothing() const { return journal.empty() && opened.empty() && events.empty() && rows.empty(); }
};

// The posting state machine: balances, limits, duplicates, versions, sequence numbers and hash chain of a group of
// books, in memory. Pure and deterministic: no clock, no I/O. apply() decides everything that can be refused, so that
// one bad command never fails its neighbours in the database.
class State {
public:
    // How much is remembered. What was forgotten must be caught by whoever reads the database before submitting.
    static constexpr std::size_t recent_transfers_max = 200'000;
    static constexpr std::size_t versions_max = 200'000;
    static constexpr std::size_t reference_bytes_max = 64;

    // Loading, before the first apply().
    void load_account(BookId book, Account account, Dong balance);
    void load_head(BookId book, std::int64_t journal_seq, Sha256 const& chain, std::int64_t event_seq);
    void load_recent(BookId book, Transfer const& transfer, std::int64_t seq, Instant recorded_at);

    [[nodiscard]] Batch apply(std::vector<Command> const& commands, Instant now);

    // Takes back the newest batch: the database refused it. Pre: called at most once after each apply().
    void undo();

    [[nodiscard]] std::optional<Dong> balance(BookId book, AccountNumber account) const;
    [[nodiscard]] std::int64_t journal_seq(BookId book) const;

private:
    struct AccountState {
        Account account;
        Dong balance;
    };
    struct Book {
        std::unordered_map<AccountNumber, AccountState> accounts;
        std::int64_t journal_seq = 0;
        std::int64_t event_seq = 0;
        Sha256 chain{};
    };
    struct Recent {
        Transfer transfer;
        BookId book;
        std::int64_t seq;
        Instant recorded_at;
    };

    struct Undo {
        struct BookBefore {
            bool existed;
            std::int64_t journal_seq, event_seq;
            Sha256 chain;
        };
        std::unordered_map<BookId, BookBefore> books;
        std::vector<std::pair<BookId, AccountState>> accounts;               // in order of change
        std::vector<std::pair<BookId, AccountNumber>> opened;
        std::vector<std::pair<Uuid, std::optional<std::int64_t>>> versions;  // in order of change
        std::vector<Uuid> transfers;
    };

    Result<Receipt> apply_one(Command const& command, Instant now, Batch& batch);
    std::optional<Result<Receipt>> find_duplicate(Command const& command) const;
    Result<Done> check(Command const& command, Book const* book) const;
    void remember(BookId book, Transfer const& transfer, std::int64_t seq, Instant at);
    void remember_version(Uuid entity, std::int64_t version);

    std::unordered_map<BookId, Book> books_;
    std::unordered_map<Uuid, Recent> recent_;
    std::deque<Uuid> recent_order_;
    std::unordered_map<Uuid, std::int64_t> versions_;
    std::deque<Uuid> version_order_;
    Undo undo_;
};

}  // namespace cho40::ledger
