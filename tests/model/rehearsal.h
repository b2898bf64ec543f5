#pragma once
#include "ledger/invariants/invariant.h"
#include "ledger/writer.h"
#include "tests/model/ledger_model.h"
#include "tests/model/scenario.h"
#include "tests/model/staged_journal.h"
#include <boost/asio/io_context.hpp>
#include <deque>

namespace cho40::tests::model {

struct HandClock final : Clock {
    Instant now() const override { return at; }
    Instant at = scenario_start;
};

// Where a rehearsal's rows become durable.
class Stage {
public:
    virtual ~Stage() = default;
    // A journal for a new writer; it lives as long as the stage.
    [[nodiscard]] virtual ledger::Journal& new_journal(boost::asio::any_io_executor executor, Clock const& clock) = 0;
    virtual void cut() {}  // ends the connections of whoever writes
    // One round of what looks after the journal beside the writer; the seq of each book up to which memory need not keep rows.
    [[nodiscard]] virtual boost::asio::awaitable<std::map<ledger::BookId, std::int64_t>> seal(ledger::Journal& journal) = 0;
    virtual void close() {}  // the loop is about to end
    // Whether a new writer has to wait for an old one's transaction, so that this must be let go while it starts.
    [[nodiscard]] virtual bool takeover_waits() const { return false; }
};

// Plays a plan to the real writer and to the model, and says where they first differ.
class Rehearsal {
public:
    Rehearsal(Plan const& plan, Stage& stage, Plant plant = Plant::nothing);
    ~Rehearsal();

    [[nodiscard]] std::optional<std::string> run();
    [[nodiscard]] LedgerModel const& model() const { return model_; }
    // The commands that passed, in order of their commits, as their Tag counts them.
    [[nodiscard]] std::vector<std::size_t> const& passed() const { return passed_; }

private:
    // One instance of the service, as far as the ledger is concerned.
    struct Process;

    void play(Op const& op);
    void submit(Op const& op, Process& process);
    void start_process(bool old_dies);
    void replace_lost();
    void hand_over();
    void seal();
    void finish();
    void until_idle();
    void committed(Process& process, ledger::Batch const& batch);
    void answered(Process& process, std::size_t index, Result<ledger::Receipt> const& answer);
    void compare(std::size_t index, Verdict const& verdict, Result<ledger::Receipt> const& said);
    void compare_rows(ledger::Batch const& batch);
    void compare_attached(ledger::Batch const& batch, std::vector<std::size_t> const& passed);
    void compare_state();
    void verify(ledger::JournalRow const& row);
    void differ(std::string what);

    Plan const& plan_;
    Stage& stage_;
    boost::asio::io_context loop_;
    HandClock clock_;
    LedgerModel model_;
    std::vector<ledger::Command> commands_;  // all that were submitted
    std::vector<bool> poisoned_;
    std::vector<Instant> submitted_at_;
    std::map<std::size_t, Result<ledger::Receipt>> decided_;  // by a commit, answered or not
    std::vector<std::size_t> passed_;
    std::vector<std::unique_ptr<Process>> processes_;         // the last one writes
    std::map<ledger::BookId, std::unique_ptr<ledger::Verifier>> verifiers_;
    std::map<ledger::BookId, std::int64_t> events_;
    std::optional<std::string> difference_;
    std::size_t step_ = 0;
};

// The plan on a journal in memory.
[[nodiscard]] std::optional<std::string> rehearse_in_memory(Plan const& plan, Plant plant = Plant::nothing);

}  // namespace cho40::tests::model
