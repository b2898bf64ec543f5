#pragma once
#include "ledger/state.h"
#include <boost/asio/awaitable.hpp>

namespace cho40::ledger {

// Where commands go: the only way anything is posted.
struct Ledger {
    virtual ~Ledger() = default;
    // Answers when the command is durable, or refused. Errors: those of State::apply, queue_full (try again),
    // writer_lost (outcome unknown to us only until the same command is sent again).
    [[nodiscard]] virtual boost::asio::awaitable<Result<Receipt>> submit(Command command) = 0;
};

// Makes batches durable, in order. The PostgreSQL adapter implements it; tests have one in memory.
struct Journal {
    enum class Written {
        committed,
        refused,     // the database said no and nothing of it stands; Append::error says why
        lease_lost,  // another writer has taken over: stop
    };
    struct Append {
        Written written = Written::committed;
        std::string error;
    };

    virtual ~Journal() = default;
    // Takes over the group (fencing any earlier writer) and loads its state.
    [[nodiscard]] virtual boost::asio::awaitable<Result<State>> take_over() = 0;
    // Returns only when the outcome is known; a lost answer is resolved inside by asking whether the batch stands.
    [[nodiscard]] virtual boost::asio::awaitable<Append> append(std::shared_ptr<Batch const> batch) = 0;
};

}  // namespace cho40::ledger
