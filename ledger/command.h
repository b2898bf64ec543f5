#pragma once
#include "base/result.h"
#include "ledger/transfer.h"
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace cho40::ledger {

// A row of some module's table that must be true together with the transfers (a payment's state, an inbox mark, an
// idempotency answer). Modules derive their own; the database adapter writes each kind set-based.
struct AttachedRow {
    AttachedRow() = default;
    AttachedRow(AttachedRow const&) = default;
    AttachedRow& operator=(AttachedRow const&) = default;
    virtual ~AttachedRow() = default;
};

// A condition on something the command changes: the entity stands at version `expected` (0: it must not exist yet) and
// will stand at `next`. Two commands that read the same version cannot both win; the loser is refused with `stale`,
// reads again and decides again. A command guards an entity once.
struct Guard {
    Uuid entity;
    std::int64_t expected = 0;
    std::int64_t next = 0;
};

// What the outside will be told. The writer numbers events densely per book, in commit order, so that a listener that
// names the last number it has can be given exactly what it missed.
struct Event {
    using Value = std::variant<std::int64_t, std::string>;

    Uuid id;
    Uuid stream;    // whose feed it belongs to: a stall, a notice
    std::string type;  // thing.past_participle
    Uuid resource;
    std::vector<std::pair<std::string, Value>> attributes;  // flat; no personal data beyond what the stream's owner may see
};

// All of it or nothing: several transfers in one command are a linked chain. Pre: every transfer lies in `book`.
struct Command {
    explicit Command(BookId b) : book(b) {}

    BookId book;
    std::vector<Account> open;        // accounts to open; opening one that exists with the same limits changes nothing
    std::vector<Transfer> transfers;  // posted in this order
    std::optional<Instant> close_before;  // closes the book's periods before this instant: nothing older is entered any more
    std::vector<Guard> guards;
    std::vector<std::shared_ptr<AttachedRow const>> rows;
    std::vector<Event> events;
    bool over_transit = false;  // a step between two books: no other command touches transit accounts, or what is held on them
};

// How a command ended when it was not refused.
struct Receipt {
    struct Line {
        std::int64_t seq = 0;
        Dong amount;
    };

    std::int64_t last_seq = 0;  // journal seq of the command's last transfer; 0 when it had none
    Dong last_amount;           // what that transfer moved, held or gave back: less than asked for when it was balancing
    Instant recorded_at;
    bool replayed = false;      // it stood already: nothing was written now
    std::vector<Line> chain;    // of each transfer, when the command has more than one
};

}  // namespace cho40::ledger
