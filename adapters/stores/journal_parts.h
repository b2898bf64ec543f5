#pragma once
#include "adapters/postgres/connection.h"
#include "ledger/account.h"

namespace cho40::stores {

// The parts of the journal (table journal_part): tables that are filled one after the other. An open part takes rows and has
// the fewest indexes; a full one is sealed: what serves statements and look-ups is built in one go, balances are noted, and
// it is frozen and never changes again. Each function takes a connection of its own, outside any transaction, and may be
// called again after it was cut off at any point.

enum class PartState : std::int16_t { open = 1, full = 2, sealed = 3 };

struct JournalPart {
    std::int16_t number = 0;
    PartState state = PartState::open;
    Instant opened_at;
    std::optional<Instant> full_at;
};

// Rows of a book up to here lie in sealed parts.
struct SealedUpTo {
    ledger::BookId book;
    std::int64_t seq = 0;
};

[[nodiscard]] std::string part_table(std::int16_t number);  // "journal_p00000042"

// Of one writer group, in order of number.
[[nodiscard]] boost::asio::awaitable<postgres::DbResult<std::vector<JournalPart>>> read_parts(postgres::Connection& connection,
                                                                                              std::string const& writer_group);

// The table of a part whose number is taken, when it is not there yet.
[[nodiscard]] boost::asio::awaitable<postgres::DbResult<Done>> complete_part(postgres::Connection& connection, std::int16_t part);

// The next part, open for rows: the one that was cut off before its table was there, or a new one.
[[nodiscard]] boost::asio::awaitable<postgres::DbResult<JournalPart>> make_part(postgres::Connection& connection,
                                                                                std::string const& writer_group, Instant now);

// No more rows go to it. Pre: every batch that wrote to it has ended. False: the lease is of another epoch, whose writer may be
// filling the part, and nothing changed.
[[nodiscard]] boost::asio::awaitable<postgres::DbResult<bool>> mark_full(postgres::Connection& connection, std::int16_t part,
                                                                         std::string const& writer_group, std::int64_t epoch, Instant now);

// Freezes what has been committed to an open part. Until that is done, whoever reads a page first has to write into it that
// its rows are committed, and after a checkpoint the whole page goes to the log once more: 200 lines of a statement cost 40 ms
// instead of one. Nothing happens when the table is being worked on.
[[nodiscard]] boost::asio::awaitable<postgres::DbResult<Done>> settle_part(postgres::Connection& connection, std::int16_t part);

// Builds the indexes, notes the balances, freezes. Takes seconds for a million rows; readers are not held up.
[[nodiscard]] boost::asio::awaitable<postgres::DbResult<std::vector<SealedUpTo>>> seal_part(postgres::Connection& connection,
                                                                                            std::int16_t part, Instant now);

}  // namespace cho40::stores
