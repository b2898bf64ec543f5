#pragma once
#include "ledger/account_table.h"
#include "ledger/command.h"
#include "ledger/recent_transfers.h"
#include "ledger/standing.h"
#include <deque>
#include <set>
#include <span>
#include <unordered_map>

namespace cho40::ledger {

struct NumberedEvent {
    BookId book;
    std::int64_t seq = 0;
    Instant at;
    Event event;
};

// What a batch of commands became: the rows to make durable, and an outcome for each command in the order given.
struct Batch {
    Instant recorded_at;
    std::vector<JournalRow> journal;
    std::vector<std::pair<BookId, Account>> opened;
    std::vector<std::pair<BookId, Instant>> periods_closed;
    std::vector<NumberedEvent> events;
    std::vector<std::shared_ptr<AttachedRow const>> rows;
    std::vector<Result<Receipt>> outcomes;

    [[nodiscard]] bool writes_nothing() const
    {
        return journal.empty() && opened.empty() && periods_closed.empty() && events.empty() && rows.empty();
    }
};

struct StateLimits {
    std::size_t recent_transfers = RecentTransfers::default_capacity;
    std::size_t versions = 200'000;
};

// The posting state machine of a group of books, in memory: balances, limits, holds, duplicates, versions, sequence numbers,
// closed periods. Pure and deterministic: no clock, no I/O. apply() decides everything that can be refused, so that one bad
// command never fails its neighbours in the database.
//
// Batches are applied ahead of their commits. undo() takes back the newest that is not settled, settle() says that the
// oldest is durable.
class State {
public:
    static constexpr std::size_t reference_bytes_max = 64;
    static constexpr std::size_t expiries_per_batch_max = 8'000;

    explicit State(StateLimits limits = {});
    State(State&&) = default;
    State& operator=(State&&) = default;

    // Loading, before the first batch: accounts, heads, what is held; then entries in order of seq, which set balances to what
    // they say; then the newest rows, oldest first, to recognise what is sent again.
    void load_account(BookId book, Account account, Dong posted);
    void load_hold(BookId book, Hold hold);
    void load_head(BookId book, std::int64_t journal_seq, std::int64_t event_seq, std::optional<Instant> closed_before);
    struct Side {
        AccountNumber account;
        Dong posted;  // after the row
    };
    // False: the row does not follow the one before it, or names an account that is not there. Such books are not posted to.
    [[nodiscard]] bool load_entry(BookId book, std::int64_t seq, Side debit, Side credit);
    void load_recent(JournalRow const& row);
    void forget_until(Instant at) { recent_.forget_until(at); }  // rows recorded up to here exist and were not loaded

    // Transfers of the command that are too old to be remembered. Whoever applies it looks them up in the journal first and
    // says with recall() which of them stand; what is recalled is known until forget_recalled().
    [[nodiscard]] std::vector<Uuid> forgotten(Command const& command) const;
    void recall(JournalRow const& row);
    void forget_recalled() { recalled_.clear(); }

    // One batch, from the first expiry to the last command.
    [[nodiscard]] Batch open_batch(Instant now);
    void apply(Command const& command, Batch& batch);
    // The command will be applied shortly, the other a little later: brings what they need nearer to the processor.
    void expect_next(Command const& command) const;
    void expect_later(Command const& command) const;
    [[nodiscard]] Batch apply(std::span<Command const> commands, Instant now);
    void undo();
    void settle();
    [[nodiscard]] std::size_t unsettled() const { return undo_.size(); }

    [[nodiscard]] std::optional<Balance> balance(BookId book, AccountNumber account) const;
    [[nodiscard]] std::optional<Account> account(BookId book, AccountNumber account) const;
    [[nodiscard]] std::optional<Hold> hold(BookId book, Id<Transfer> id) const;
    [[nodiscard]] std::int64_t journal_seq(BookId book) const;
    [[nodiscard]] std::vector<BookId> books() const;
    [[nodiscard]] Standing standing(BookId book) const;
    // When the first pending transfer runs out.
    [[nodiscard]] std::optional<Instant> next_expiry() const;

    // Which rows with after < seq < before touch an account, newest first, among those loaded or applied and not dropped: at most
    // `limit`, looking at no more than `steps` rows.
    struct EntryBounds {
        std::int64_t after = 0;
        std::int64_t before = INT64_MAX;
        std::size_t limit = 0;
        std::size_t steps = 0;
    };
    struct Entries {
        std::vector<std::int64_t> seqs;
        std::int64_t first = 0;  // rows before this one are not in memory
        bool complete = false;   // of those in memory, all are named
    };
    [[nodiscard]] Entries entries(BookId book, AccountNumber account, EntryBounds bounds) const;
    // Rows up to and including `seq` are served from elsewhere now (their part of the journal is sealed).
    void drop_entries(BookId book, std::int64_t seq);

private:
    // The touches before a row's own, of its two accounts.
    struct Links {
        Touch debit_before;
        Touch credit_before;
    };
    struct Book {
        BookId id;
        AccountTable accounts;
        std::unordered_map<Uuid, Hold> holds;
        std::int64_t journal_seq = 0;
        std::int64_t event_seq = 0;
        std::optional<Instant> closed_before;
        std::deque<Links> links;      // of rows links_first, links_first + 1, …
        std::int64_t links_first = 1;
    };

    struct Undo {
        struct AccountBefore {
            AccountState* account;
            Balance balance;
            Touch newest;
            bool closed;
        };
        struct BookBefore {
            Book* book;
            std::int64_t journal_seq, event_seq;
            std::optional<Instant> closed_before;
        };
        struct HoldBefore {
            Book* book;
            Uuid id;
            std::optional<Hold> hold;
        };
        std::vector<AccountBefore> accounts;  // all in order of change
        std::vector<BookBefore> books;
        std::vector<HoldBefore> holds;
        std::vector<Book*> opened;  // in each, its newest account
        std::vector<std::pair<Uuid, std::optional<std::int64_t>>> versions;
        std::vector<BookId> created;
        std::size_t recent = 0;
    };
    struct Mark {
        std::size_t accounts, books, holds, opened, versions, created, recent;
        std::size_t batch_journal, batch_opened, batch_periods;
    };

    Book& book_of(BookId id);
    Result<Receipt> apply_one(Command const& command, Batch& batch);
    std::optional<Result<Receipt>> find_duplicate(Command const& command) const;
    RecentTransfers::Entry const* find_known(Uuid const& id) const;
    Result<Done> post(Book& book, BookId id, Transfer const& transfer, std::size_t index, std::int64_t first_seq, Batch& batch,
                      Receipt& receipt);
    Result<Done> begin_transfer(Book& book, JournalRow& row, std::size_t index);
    Result<Done> end_pending(Book& book, JournalRow& row, std::size_t index, Instant now);
    Result<Done> within_limits(Command const& command, Mark const& mark, std::int64_t first_seq) const;
    void write(Book& book, JournalRow row, AccountState& debit, AccountState& credit, Batch& batch);
    void expire_due(Batch& batch);
    void change_hold(Book& book, Uuid id, std::optional<Hold> hold);
    void touch(AccountState& account);
    void link(Book& book, std::int64_t seq, AccountState& debit, AccountState& credit);
    void remember_version(Uuid entity, std::int64_t version);
    [[nodiscard]] Mark mark(Batch const& batch) const;
    void roll_back(Undo& undo, Mark const& to);

    StateLimits limits_;
    std::unordered_map<BookId, Book> books_;
    RecentTransfers recent_;
    std::unordered_map<Uuid, RecentTransfers::Entry> recalled_;
    std::unordered_map<Uuid, std::int64_t> versions_;
    std::deque<Uuid> version_order_;
    std::set<std::tuple<Instant, BookId, Uuid>> expiries_;
    Instant last_recorded_{};
    std::deque<Undo> undo_;
};

}  // namespace cho40::ledger
