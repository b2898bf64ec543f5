#pragma once
#include "ledger/statement.h"
#include <limits>

namespace cho40::ledger {

inline constexpr std::int64_t seq_end = std::numeric_limits<std::int64_t>::max();
inline constexpr std::size_t page_max = 1000;

enum class HoldState : std::int16_t { open = 1, posted = 2, voided = 3, expired = 4 };

// A pending transfer and how it ended.
struct HoldReport {
    Id<Transfer> id;
    std::int64_t seq = 0;
    AccountNumber debit;
    AccountNumber credit;
    Dong amount;
    TransferFlags flags{};
    TransferCode code = TransferCode::opening;
    std::string reference;
    Instant recorded_at;
    std::optional<Instant> expires_at;
    HoldState state = HoldState::open;
    Dong posted_amount;
    Id<Transfer> ended_by;  // nil while it is open
    std::optional<Instant> ended_at;
};

struct AccountReport {
    Account account;
    Balance balance;
    std::int64_t seq = 0;  // the book's newest row that it takes into account
};

// Which entries of an account: after < seq < before.
struct EntryRange {
    std::int64_t after = 0;
    std::int64_t before = seq_end;
    bool ascending = false;
    bool money_only = false;  // without holds, voids and expiries
    std::size_t limit = 50;
};

// Which transfers of a book; exactly one of the first three, or neither and a period.
struct TransferFilter {
    std::optional<std::string> reference{};
    std::optional<TransferCode> code{};
    std::optional<std::pair<Instant, Instant>> recorded{};  // [from, to)
    std::optional<std::pair<Instant, Instant>> happened{};
};

// Newest first. A page that looked at as much as it may and is not full still has a `next`.
struct TransferPage {
    std::vector<JournalRow> rows;
    std::optional<std::int64_t> next;  // go on before this seq
};

// Reads the ledger as it is durable. Everything names one book and is bounded: how long a page takes does not grow with the
// journal. Errors of all: unavailable; account_unknown where an account is named; not_found where a book is not there.
struct LedgerReader {
    virtual ~LedgerReader() = default;
    template <class T>
    using Answer = boost::asio::awaitable<Result<T>>;

    // Now. On the instance that writes it is what memory says: never behind an answer that was given, and ahead of what is
    // durable by the batches that are being committed.
    [[nodiscard]] virtual Answer<AccountReport> account(BookId book, AccountNumber account) = 0;
    // Those with numbers after this one, in their order, as account() says each.
    [[nodiscard]] virtual Answer<std::vector<AccountReport>> accounts(BookId book, AccountNumber after, std::size_t limit) = 0;
    // Posted, with everything up to and including `at`. By event time: too_many when too much was entered late or ahead.
    [[nodiscard]] virtual Answer<Dong> balance_at(BookId book, AccountNumber account, Instant at, TimeAxis by) = 0;
    [[nodiscard]] virtual Answer<std::vector<JournalRow>> entries(BookId book, AccountNumber account, EntryRange range) = 0;
    // Errors: too_many (by event time: more than a million lines).
    [[nodiscard]] virtual Answer<std::unique_ptr<StatementStream>> statement(StatementQuery query) = 0;
    [[nodiscard]] virtual Answer<std::optional<JournalRow>> transfer(BookId book, Id<Transfer> id) = 0;
    [[nodiscard]] virtual Answer<TransferPage> transfers(BookId book, TransferFilter filter, std::int64_t before, std::size_t limit) = 0;
    // In order of their ids, which is the order they were made in.
    [[nodiscard]] virtual Answer<std::vector<HoldReport>> holds(BookId book, HoldState state, Uuid after, std::size_t limit) = 0;
    // What is held now with the account on either side.
    [[nodiscard]] virtual Answer<std::vector<HoldReport>> holds_of(BookId book, AccountNumber account, Uuid after, std::size_t limit) = 0;
    // All rows in order, without a gap.
    [[nodiscard]] virtual Answer<std::vector<JournalRow>> feed(BookId book, std::int64_t after, std::size_t limit) = 0;
    // The newest seq, 0 when there is none.
    [[nodiscard]] virtual Answer<std::int64_t> head(BookId book) = 0;
};

}  // namespace cho40::ledger
