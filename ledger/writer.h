#pragma once
#include "base/signal.h"
#include "ledger/ports.h"
#include <deque>
#include <functional>

namespace cho40::ledger {

struct WriterLimits {
    std::size_t queue_max = 20'000;  // commands waiting; beyond that: queue_full
    std::size_t batch_max = 8'000;   // commands in one database transaction
};

struct WriterFigures {
    std::uint64_t batches = 0;
    std::uint64_t commands = 0;
    std::uint64_t transfers = 0;
    std::uint64_t refused = 0;
};

// Drives the posting state machine: takes what arrived while the last commit ran as one batch, has it made durable, and
// only then answers. One writer, one loop, one order. No timer: an idle system commits each command at once, a busy one
// commits thousands together.
class Writer final : public Ledger {
public:
    // `after_commit` is called after each durable batch, before its commands are answered; it must not throw.
    Writer(boost::asio::any_io_executor executor, Journal& journal, Clock const& clock, WriterLimits limits = {},
           std::function<void(Batch const&)> after_commit = {});

    [[nodiscard]] boost::asio::awaitable<Result<Done>> start();  // takes over and loads
    [[nodiscard]] boost::asio::awaitable<void> run();            // until stop() and the queue is empty, or the lease is lost
    void stop();                                                 // drains: what is queued is still written

    [[nodiscard]] boost::asio::awaitable<Result<Receipt>> submit(Command command) override;

    [[nodiscard]] WriterFigures const& figures() const { return figures_; }
    [[nodiscard]] std::size_t queue_length() const { return queue_.size(); }
    [[nodiscard]] bool is_writing() const { return started_ && !lost_ && !stopping_; }
    [[nodiscard]] State const& state() const { return state_; }

private:
    struct Waiting {
        Command command;
        OneShot<Result<Receipt>> answer;
    };

    boost::asio::awaitable<bool> write(std::vector<Waiting> waiting);  // false: the lease is gone
    void lose(std::string const& why);

    boost::asio::any_io_executor executor_;
    Journal& journal_;
    Clock const& clock_;
    WriterLimits limits_;
    std::function<void(Batch const&)> after_commit_;
    State state_;
    std::deque<Waiting> queue_;
    Signal bell_;
    WriterFigures figures_;
    bool started_ = false;
    bool stopping_ = false;
    bool lost_ = false;
};

}  // namespace cho40::ledger
