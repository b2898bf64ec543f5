#pragma once
#include "ledger/transfer.h"
#include <boost/asio/awaitable.hpp>
#include <memory>
#include <vector>

namespace cho40::ledger {

// A row knows two times: when it happened in the world, and when the ledger took it in.
enum class TimeAxis { recorded, event };

// What an account lived through in [from, to).
struct StatementQuery {
    BookId book;
    AccountNumber account;
    Instant from;
    Instant to;
    TimeAxis by = TimeAxis::recorded;
};

// One movement, as seen from the account.
struct StatementLine {
    std::int64_t seq = 0;
    Id<Transfer> transfer;
    AccountNumber other;  // where it came from or went to
    Dong amount;          // debits are positive: they raise the balance
    Dong balance;         // after this line, in the order of the statement
    TransferCode code = TransferCode::opening;
    std::string reference;
    Instant event_at;
    Instant recorded_at;

    friend bool operator==(StatementLine const&, StatementLine const&) = default;
};

// Pre: the account is one of the row's two, and the row moves money. The balance is the one the ledger had after the row.
[[nodiscard]] StatementLine line_of(JournalRow const& row, AccountNumber account);
// What a row did to an account's balance: 0 for holds and what gives them back.
[[nodiscard]] Dong movement(JournalRow const& row, AccountNumber account);

// What the lines that were given out add up to.
class StatementTotals {
public:
    StatementTotals() = default;
    explicit StatementTotals(Dong opening) : opening_(opening), closing_(opening) {}

    // Errors: books_broken when the line does not continue the one before it, amount_overflow.
    [[nodiscard]] Result<Done> add(StatementLine const& line);

    [[nodiscard]] Dong opening() const { return opening_; }
    [[nodiscard]] Dong closing() const { return closing_; }
    [[nodiscard]] Dong debits() const { return debits_; }
    [[nodiscard]] Dong credits() const { return credits_; }
    [[nodiscard]] std::int64_t lines() const { return lines_; }

private:
    Dong opening_, closing_, debits_, credits_;
    std::int64_t lines_ = 0;
};

// A statement in pieces, so that a year of a busy account is never in memory at once. What is recorded after it was begun is
// not in it.
class StatementStream {
public:
    virtual ~StatementStream() = default;
    [[nodiscard]] virtual Dong opening() const = 0;
    // The next lines, in order; none: that was all.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<StatementLine>>> next(std::size_t limit) = 0;
};

// A statement that fits in memory.
struct Statement {
    StatementQuery query;
    StatementTotals totals;
    std::vector<StatementLine> lines;
};

// Errors: those of the stream and of the totals, too_many (more than `lines_max`).
[[nodiscard]] boost::asio::awaitable<Result<Statement>> read_statement(StatementQuery query, StatementStream& stream,
                                                                       std::size_t lines_max);

}  // namespace cho40::ledger
