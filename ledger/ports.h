#pragma once
#include "ledger/state.h"
#include <boost/asio/awaitable.hpp>
#include <functional>

namespace cho40::ledger {

// Where commands go: the only way anything is posted.
struct Ledger {
    virtual ~Ledger() = default;
    // Answers when the command is durable, or refused. Errors: those of State::apply, queue_full (try again),
    // writer_lost (outcome unknown to us only until the same command is sent again).
    [[nodiscard]] virtual boost::asio::awaitable<Result<Receipt>> submit(Command command) = 0;

    // Many at once, in this order, each on its own: an answer for each. The default submits them one after the other.
    [[nodiscard]] virtual boost::asio::awaitable<std::vector<Result<Receipt>>> submit_all(std::vector<Command> commands);
};

// Makes batches durable, in order. The PostgreSQL adapter implements it; tests have one in memory.
struct Journal {
    enum class Written {
        committed,
        refused,     // the database said no and nothing of it stands; Append::error says why
        abandoned,   // its turn never came; nothing of it stands
        lease_lost,  // another writer has taken over: stop
    };
    struct Append {
        Written written = Written::committed;
        std::string error;
    };
    // Asked just before a batch is committed: true once every earlier batch is durable, false when one was refused.
    using Turn = std::function<boost::asio::awaitable<bool>()>;

    virtual ~Journal() = default;
    // Takes over the group (fencing any earlier writer) and loads its state.
    [[nodiscard]] virtual boost::asio::awaitable<Result<State>> take_over() = 0;
    // Returns only when the outcome is known; a lost answer is resolved inside by asking whether the batch stands. Called
    // again before the first returns when the writer overlaps commits; at most two at a time.
    [[nodiscard]] virtual boost::asio::awaitable<Append> append(std::shared_ptr<Batch const> batch, Turn turn) = 0;
    // Those of the transfers that stand in the journal of whichever of the group's books, as rows. For ids older than what
    // State remembers.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::vector<JournalRow>>> find(std::vector<Uuid> ids) = 0;
};

}  // namespace cho40::ledger
