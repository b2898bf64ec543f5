#pragma once
#include "base/signal.h"
#include "ledger/ports.h"
#include <deque>

namespace cho40::tests::model {

// A journal whose every step waits for the scenario: a batch stops before its commit, and again between its commit and the
// answer. What is behind it may be memory or PostgreSQL.
class StagedJournal final : public ledger::Journal {
public:
    // `committed` is told of a batch as soon as it is durable, before its writer is.
    StagedJournal(boost::asio::any_io_executor executor, ledger::Journal& inner, std::function<void(ledger::Batch const&)> committed);

    boost::asio::awaitable<Result<ledger::State>> take_over() override;
    boost::asio::awaitable<Append> append(std::shared_ptr<ledger::Batch const> batch, Turn turn) override;
    boost::asio::awaitable<Result<std::vector<ledger::JournalRow>>> find(std::vector<Uuid> ids) override;

    void step();                        // what waits longest goes on
    void open() { open_ = true; }       // from now on nothing has to wait: whoever runs the loop steps as soon as it is idle
    [[nodiscard]] bool is_open() const { return open_; }
    void give_up();          // answers of what is durable get lost: the writer is told that it no longer writes
    void be_deaf() { deaf_ = true; }  // the next look-up fails
    [[nodiscard]] bool busy() const { return busy_ > 0; }        // something happens by itself, outside this process perhaps
    [[nodiscard]] bool waiting() const { return !gates_.empty(); }

private:
    boost::asio::awaitable<void> gate(bool after_commit);

    struct Gate {
        OneShot<bool> open;
        bool after_commit;
    };
    boost::asio::any_io_executor executor_;
    ledger::Journal& inner_;
    std::function<void(ledger::Batch const&)> committed_;
    std::deque<Gate> gates_;
    bool open_ = false, deaf_ = false, answers_lost_ = false;
    int busy_ = 0;
};

}  // namespace cho40::tests::model
