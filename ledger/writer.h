#pragma once
#include "base/signal.h"
#include "ledger/ports.h"
#include <deque>
#include <functional>

namespace cho40::ledger {

struct WriterLimits {
    std::size_t queue_max = 64'000;    // transfers waiting (a command without any counts as one); beyond that: queue_full
    std::size_t batch_max = 8'000;     // transfers in one database transaction; one larger command is a batch of its own
    std::size_t overlap_from = 4'000;  // so many waiting start a batch while another is being committed
};

struct WriterFigures {
    std::uint64_t batches = 0;
    std::uint64_t commands = 0;
    std::uint64_t transfers = 0;
    std::uint64_t refused = 0;
    std::uint64_t looked_up = 0;  // ids too old for memory
};

// Drives the posting state machine: takes what arrived while the last commit ran as one batch, has it made durable, and
// only then answers. One writer, one loop, one order. No timer: an idle system commits each command at once, a busy one
// commits thousands together, and prepares the next batch while one is being committed. Nobody is answered before the commit
// that holds the answer, nor before all earlier ones.
class Writer final : public Ledger {
public:
    // `after_commit` is called after each durable batch, in order, before its commands are answered; it must not throw.
    Writer(boost::asio::any_io_executor executor, Journal& journal, Clock const& clock, WriterLimits limits = {},
           std::function<void(Batch const&)> after_commit = {});

    [[nodiscard]] boost::asio::awaitable<Result<Done>> start();  // takes over and loads
    [[nodiscard]] boost::asio::awaitable<void> run();            // until stop() and the queue is empty, or the lease is lost
    void stop();                                                 // drains: what is queued is still written
    // Called now and then by whoever owns a timer: pending transfers whose time is over end even when nobody posts.
    void tick();
    // Another writer is known to have taken over: what waits is refused, what is being committed finds out by itself.
    void give_way();

    [[nodiscard]] boost::asio::awaitable<Result<Receipt>> submit(Command command) override;
    [[nodiscard]] boost::asio::awaitable<std::vector<Result<Receipt>>> submit_all(std::vector<Command> commands) override;

    [[nodiscard]] WriterFigures const& figures() const { return figures_; }
    [[nodiscard]] std::size_t queue_length() const { return queued_transfers_; }
    [[nodiscard]] bool is_writing() const { return started_ && !lost_ && !stopping_; }
    // What memory says now; it may be ahead of what is durable by the batches that are being committed.
    [[nodiscard]] State const& state() const { return state_; }
    // Rows up to and including `seq` are indexed in the database now.
    void drop_entries(BookId book, std::int64_t seq) { state_.drop_entries(book, seq); }

private:
    // Where the answers of one submit come together.
    struct Reply {
        Reply(boost::asio::any_io_executor executor, std::size_t count);
        std::vector<std::optional<Result<Receipt>>> answers;
        std::size_t missing;
        OneShot<bool> complete;
    };
    struct Waiting {
        Command command;
        std::shared_ptr<Reply> reply;
        std::size_t index;
    };
    using Group = std::vector<Waiting>;
    // A batch between apply() and the end of its commit.
    struct Flight {
        explicit Flight(boost::asio::any_io_executor executor) : may_commit(std::move(executor)) {}
        Group group;
        std::shared_ptr<Batch> batch;
        OneShot<bool> may_commit;
        std::optional<bool> granted;  // what may_commit said
        bool told = false;            // may_commit is set
        bool alone = false;           // nothing is applied on top of it
        std::optional<Journal::Append> result;
    };

    [[nodiscard]] std::optional<Error> not_taken(std::size_t transfers) const;
    void enqueue(Command command, std::shared_ptr<Reply> const& reply, std::size_t index);
    [[nodiscard]] bool has_work() const;
    [[nodiscard]] bool may_start() const;
    [[nodiscard]] Group take_group(bool& alone);
    boost::asio::awaitable<void> launch();
    boost::asio::awaitable<void> fly(std::shared_ptr<Flight> flight);
    boost::asio::awaitable<bool> recall_forgotten(Group const& group);
    bool land();  // deals with the oldest batch's end; false: nothing to do yet
    void land_committed();
    bool land_refused();
    void answer(Waiting& waiting, Result<Receipt> result);
    void lose(std::string const& why);

    boost::asio::any_io_executor executor_;
    Journal& journal_;
    Clock const& clock_;
    WriterLimits limits_;
    std::function<void(Batch const&)> after_commit_;
    State state_;
    std::deque<Waiting> queue_;
    std::size_t queued_transfers_ = 0;
    std::deque<Group> isolated_;  // groups to be tried alone: the database refused a batch they were in
    std::deque<std::shared_ptr<Flight>> flights_;
    Signal bell_;
    WriterFigures figures_;
    int appending_ = 0;  // batches the journal has not answered for
    bool started_ = false;
    bool stopping_ = false;
    bool lost_ = false;
};

}  // namespace cho40::ledger
