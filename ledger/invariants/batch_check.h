#pragma once
#include "ledger/invariants/held_plus_available.h"
#include "ledger/state.h"
#include <map>
#include <set>

namespace cho40::ledger {

// Holds every batch against the laws of the books as it becomes durable, going on from where the books stood when it was made.
// What it costs, a few microseconds and sixty bytes a transfer, is for tests and for installations whose money is not real;
// the others have `cho40 ledger verify`.
class BatchCheck {
public:
    // Pre: nothing of the state is on its way to the journal.
    explicit BatchCheck(State const& state);
    ~BatchCheck();

    // Batches in the order of their commits: their rows, and the numbers of their events. With nothing on its way any more, what memory says of the accounts that were
    // touched is held against the rows too.
    [[nodiscard]] std::optional<Fault> on_committed(Batch const& batch, State const& state);

private:
    struct Book;
    Book& book_of(BookId id);

    std::map<BookId, std::unique_ptr<Book>> books_;
    std::set<std::pair<BookId, AccountNumber>> touched_;
};

}  // namespace cho40::ledger
