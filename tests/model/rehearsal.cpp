#include "tests/model/rehearsal.h"
#include "base/spawn.h"
#include "tests/model/memory_journal.h"
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <fmt/format.h>

namespace cho40::tests::model {
namespace {

using namespace ledger;
namespace asio = boost::asio;

std::string say(Result<Receipt> const& answer)
{
    if (!answer) return std::string(errc_name(answer.error().code)) + " (" + answer.error().detail + ")";
    return Verdict{{}, *answer}.to_string();
}

bool same_receipt(Receipt const& a, Receipt const& b)
{
    return a.last_seq == b.last_seq && a.last_amount == b.last_amount && a.recorded_at == b.recorded_at && a.replayed == b.replayed;
}

bool agree(Verdict const& verdict, Result<Receipt> const& said)
{
    if (!said) return verdict.refusals.contains(said.error().code);
    return verdict.passes() && same_receipt(*said, verdict.receipt);
}

std::string describe(JournalRow const& row)
{
    auto const& t = row.transfer;
    return fmt::format("book {} seq {} kind {} flags {} {}->{} amount {} balances {}/{} pending {} id {} event {} recorded {} expires {}",
                       row.book.value, row.seq, static_cast<int>(t.kind), t.flags.bits(), t.debit.value, t.credit.value, t.amount.count(),
                       row.debit_balance.count(), row.credit_balance.count(), t.pending.uuid.to_string(), t.id.uuid.to_string(),
                       to_rfc3339(t.event_at), to_rfc3339(row.recorded_at), row.expires_at ? to_rfc3339(*row.expires_at) : "never");
}

}  // namespace

struct Rehearsal::Process {
    Process(Rehearsal& rehearsal, asio::any_io_executor executor, ledger::Journal& inner, Clock const& clock, WriterLimits limits)
        : durable(inner), journal(executor, inner, [this, &rehearsal](Batch const& batch) { rehearsal.committed(*this, batch); }),
          writer(executor, journal, clock, limits)
    {
    }

    ledger::Journal& durable;
    StagedJournal journal;
    Writer writer;
    std::deque<std::size_t> undecided;  // commands in the order they were submitted
    bool dead = false;                  // nobody hears its answers
    std::unique_ptr<LedgerModel> view;  // what it still takes for true after another took over
    bool ended = false;
};

Rehearsal::Rehearsal(Plan const& plan, Stage& stage, Plant plant) : plan_(plan), stage_(stage), model_(plant) {}

Rehearsal::~Rehearsal()
{
    // Whoever waits for an answer gets one, so that no coroutine is left behind.
    for (auto& process : processes_) {
        process->dead = true;
        process->writer.stop();
        process->journal.open();
    }
    until_idle();
    processes_.clear();
    stage_.close();
    loop_.restart();
    loop_.poll();
}

void Rehearsal::differ(std::string what)
{
    if (!difference_) difference_ = fmt::format("step {}: {}", step_, what);
}

std::optional<std::string> Rehearsal::run()
{
    start_process(false);
    for (auto const& op : plan_.steps) {
        if (difference_) return difference_;
        play(op);
        ++step_;
    }
    if (!difference_) finish();
    return difference_;
}

void Rehearsal::play(Op const& op)
{
    switch (op.what) {
    case What::submit: submit(op, *processes_.back()); break;
    case What::submit_old: submit(op, processes_.size() > 1 ? **(processes_.end() - 2) : *processes_.back()); break;
    case What::advance: clock_.at += std::chrono::seconds(op.n); break;
    case What::tick: processes_.back()->writer.tick(); break;
    case What::land:
        for (int i = 0; i < op.n; ++i) {
            for (auto& process : processes_) process->journal.step();
            until_idle();
        }
        break;
    case What::give_up: processes_.back()->journal.give_up(); break;
    case What::deaf: processes_.back()->journal.be_deaf(); break;
    case What::restart: start_process(true); break;
    case What::hand_over: hand_over(); break;
    case What::take_over: start_process(false); break;
    case What::cut: stage_.cut(); break;
    case What::seal: seal(); break;
    }
    if (op.together) return;
    until_idle();
    replace_lost();
    compare_state();
}

void Rehearsal::submit(Op const& op, Process& process)
{
    auto const index = commands_.size();
    commands_.push_back(command_of(op, index));
    poisoned_.push_back(op.poison);
    submitted_at_.push_back(clock_.now());
    process.undecided.push_back(index);
    asio::co_spawn(loop_, process.writer.submit(commands_.back()), [this, &process, index](std::exception_ptr e, Result<Receipt> answer) {
        if (e) std::rethrow_exception(e);
        if (!process.dead) answered(process, index, answer);
    });
}

void Rehearsal::until_idle()
{
    for (;;) {
        loop_.restart();
        if (loop_.poll() > 0) continue;
        bool const busy = std::ranges::any_of(processes_, [](auto const& p) { return p->journal.busy(); });
        if (busy) {
            loop_.restart();
            loop_.run_one();
            continue;
        }
        // All answers of what is durable are heard before the next batch becomes durable.
        auto const open = std::ranges::find_if(processes_, [](auto const& p) { return p->journal.is_open() && p->journal.waiting(); });
        if (open == processes_.end()) return;
        (*open)->journal.step();
    }
}

void Rehearsal::start_process(bool old_dies)
{
    until_idle();
    if (!processes_.empty()) {
        auto& old = *processes_.back();
        old.dead = old_dies;
        old.view = std::make_unique<LedgerModel>(model_);
        if (old_dies) stage_.cut();
    }
    auto const& s = plan_.sizes;
    WriterLimits const limits{.queue_max = s.queue_max, .batch_max = s.batch_max, .overlap_from = s.overlap_from};
    auto process = std::make_unique<Process>(*this, loop_.get_executor(), stage_.new_journal(loop_.get_executor(), clock_), clock_, limits);
    auto& fresh = *process;
    std::optional<Result<Done>> started;
    spawn(loop_.get_executor(),
          [](Process& p, std::optional<Result<Done>>& out) -> asio::awaitable<void> { out = co_await p.writer.start(); }(fresh, started));
    processes_.push_back(std::move(process));
    bool const let_go = old_dies || stage_.takeover_waits();
    if (processes_.size() > 1 && let_go) {
        auto& old = *processes_[processes_.size() - 2];
        if (stage_.takeover_waits()) loop_.poll();
        old.journal.open();
        if (old_dies) old.writer.stop();
    }
    until_idle();
    if (!started || !*started) return differ("a new writer cannot start: " + (started ? started->error().detail : std::string("it hangs")));
    spawn(loop_.get_executor(), [](Process& p) -> asio::awaitable<void> {
        co_await p.writer.run();
        p.ended = true;
    }(fresh));
    until_idle();
}

void Rehearsal::replace_lost()
{
    if (!difference_ && !processes_.back()->writer.is_writing()) start_process(false);
}

void Rehearsal::hand_over()
{
    auto& old = *processes_.back();
    old.writer.stop();
    old.journal.open();
    until_idle();
    if (!old.ended) differ("a writer that was stopped does not end");
    start_process(false);
}

void Rehearsal::seal()
{
    until_idle();
    auto& process = *processes_.back();
    bool done = false;
    spawn(loop_.get_executor(), [](Stage& stage, Process& p, bool& out) -> asio::awaitable<void> {
        auto const sealed = co_await stage.seal(p.durable);
        for (auto const& [book, seq] : sealed) p.writer.drop_entries(book, seq);
        out = true;
    }(stage_, process, done));
    while (!done) {
        loop_.restart();
        loop_.run_one();
    }
}

// A batch is durable: the model gets the commands it was made of.
void Rehearsal::committed(Process& process, Batch const& batch)
{
    auto const count = batch.outcomes.size();
    if (process.undecided.size() < count) return differ("a batch holds more commands than wait for an answer");
    if (batch.recorded_at < model_.last_recorded() || batch.recorded_at > std::max(model_.last_recorded(), clock_.now()))
        differ("a batch was recorded at a time that is not now");
    model_.begin_batch(batch.recorded_at);
    if (process.view) process.view->begin_batch(batch.recorded_at);
    std::vector<std::size_t> passed;
    for (std::size_t i = 0; i < count; ++i) {
        auto const index = process.undecided.front();
        process.undecided.pop_front();
        auto const verdict = model_.apply(commands_[index]);
        if (process.view) (void)process.view->apply(commands_[index]);
        compare(index, verdict, batch.outcomes[i]);
        decided_.emplace(index, batch.outcomes[i]);
        if (verdict.passes() && !verdict.receipt.replayed) passed.push_back(index);
    }
    compare_rows(batch);
    compare_attached(batch, passed);
    passed_.insert(passed_.end(), passed.begin(), passed.end());
}

void Rehearsal::answered(Process& process, std::size_t index, Result<Receipt> const& answer)
{
    auto const code = answer ? std::optional<Errc>() : answer.error().code;
    if (code == Errc::queue_full || code == Errc::writer_lost || code == Errc::unavailable) {
        std::erase(process.undecided, index);
        return;
    }
    if (auto const there = decided_.find(index); there != decided_.end()) {
        bool const same = there->second ? answer && same_receipt(*answer, *there->second) : code == there->second.error().code;
        if (!same) differ(fmt::format("command {} became \"{}\" and was answered \"{}\"", index, say(there->second), say(answer)));
        return;
    }
    if (process.undecided.empty() || process.undecided.front() != index)
        return differ(fmt::format("command {} was answered out of turn", index));
    process.undecided.pop_front();
    if (code == Errc::stale && poisoned_[index]) return;
    // It was decided between these two times; what depends on them is whether an id or a period lies in the future. A writer
    // that does not know yet that another took over answers by what it knew, and by what it finds in the journal.
    auto verdict = model_.would(commands_[index], clock_.now());
    for (auto const* believed : {&model_, process.view.get()}) {
        if (!believed) continue;
        for (auto const at : {submitted_at_[index], clock_.now()}) {
            if (auto other = believed->would(commands_[index], at); agree(other, answer)) verdict = std::move(other);
        }
    }
    compare(index, verdict, answer);
    if (answer && !answer->replayed) differ(fmt::format("command {} was answered before it was durable", index));
}

void Rehearsal::compare(std::size_t index, Verdict const& verdict, Result<Receipt> const& said)
{
    if (agree(verdict, said)) return;
    differ(fmt::format("command {}: the ledger says \"{}\", the model \"{}\"", index, say(said), verdict.to_string()));
}

void Rehearsal::compare_rows(Batch const& batch)
{
    auto const expected = model_.take_rows();
    for (std::size_t i = 0; i < std::max(expected.size(), batch.journal.size()); ++i) {
        auto const mine = i < expected.size() ? describe(expected[i]) : "no row";
        auto const theirs = i < batch.journal.size() ? describe(batch.journal[i]) : "no row";
        bool const same = i < expected.size() && i < batch.journal.size() && row_bytes(expected[i]) == row_bytes(batch.journal[i]);
        if (!same) return differ("a row differs\n  ledger: " + theirs + "\n  model:  " + mine);
        verify(batch.journal[i]);
    }
}

void Rehearsal::verify(JournalRow const& row)
{
    auto& verifier = verifiers_[row.book];
    if (!verifier) verifier = std::make_unique<Verifier>();
    if (auto const fault = verifier->on_row(row))
        differ(fmt::format("law {} is broken by seq {}: {}", fault->law, fault->seq, fault->what));
}

// Attached rows and events are those of the commands that passed, in order, and nothing else.
void Rehearsal::compare_attached(Batch const& batch, std::vector<std::size_t> const& passed)
{
    std::vector<std::size_t> tags;
    for (auto const& row : batch.rows) {
        if (auto const* tag = dynamic_cast<Tag const*>(row.get())) tags.push_back(tag->index);
    }
    if (tags != passed) differ("a batch carries other commands' rows than those that passed");
    std::vector<Uuid> expected, written;
    for (auto const index : passed) {
        for (auto const& event : commands_[index].events) expected.push_back(event.id);
    }
    for (auto const& event : batch.events) {
        written.push_back(event.event.id);
        if (event.seq != ++events_[event.book]) differ(fmt::format("event {} of book {} has another number", event.seq, event.book.value));
    }
    if (expected != written) differ("a batch tells other events than those of the commands that passed");
}

void Rehearsal::compare_state()
{
    auto const& process = *processes_.back();
    auto const& state = process.writer.state();
    if (difference_ || state.unsettled() > 0) return;
    for (auto const& [id, book] : model_.books()) {
        for (auto const& [number, standing] : book.accounts) {
            Balance const expected{Dong(standing.posted), Dong(standing.debits_held), Dong(standing.credits_held)};
            auto const balance = state.balance(id, number);
            if (!balance || *balance != expected) differ(fmt::format("the balance of account {} differs", number.value));
            auto const account = state.account(id, number);
            if (!account || account->closed != standing.account.closed || account->limits != standing.account.limits)
                differ(fmt::format("account {} differs: closed, or its limits", number.value));
        }
        for (auto const& [pending, hold] : book.holds) {
            auto const held = state.hold(id, Id<Transfer>(pending));
            if (!held || held->amount != hold.transfer.amount || held->expires_at != hold.expires_at)
                differ("hold " + pending.to_string() + " differs");
        }
        for (auto const& [pending, how] : book.ended) {
            if (state.hold(id, Id<Transfer>(pending))) differ("hold " + pending.to_string() + " has ended and is still there");
        }
        if (state.journal_seq(id) != book.seq) differ("the number of the last row differs");
    }
    if (state.next_expiry() != model_.next_expiry()) differ("the next expiry differs");
}

// Everything that waits ends; then every command that passed is sent once more, and nothing may change.
void Rehearsal::finish()
{
    hand_over();
    if (difference_) return;
    auto& process = *processes_.back();
    process.journal.open();
    process.writer.tick();
    until_idle();
    auto const rows = model_.rows().size();
    auto const sent = decided_;
    for (auto const& [index, outcome] : sent) {
        if (!outcome || commands_[index].transfers.empty()) continue;
        auto command = commands_[index];
        auto const again = commands_.size();
        commands_.push_back(command);
        poisoned_.push_back(false);
        submitted_at_.push_back(clock_.now());
        process.undecided.push_back(again);
        asio::co_spawn(loop_, process.writer.submit(std::move(command)),
                       [this, &process, again](std::exception_ptr e, Result<Receipt> answer) {
                           if (e) std::rethrow_exception(e);
                           answered(process, again, answer);
                           if (answer ? !answer->replayed : answer.error().code != Errc::queue_full)
                               differ(fmt::format("a command that passed was sent again and was answered \"{}\"", say(answer)));
                       });
        until_idle();
    }
    if (model_.rows().size() != rows) differ("sending again what had passed changed the books");
    compare_state();
    for (auto& [book, verifier] : verifiers_) {
        if (auto const fault = verifier->finish()) differ(fmt::format("law {} is broken: {}", fault->law, fault->what));
    }
}

// ---- in memory

namespace {

class MemoryStage final : public Stage {
public:
    explicit MemoryStage(std::size_t remembered) : remembered_(remembered) {}
    ledger::Journal& new_journal(asio::any_io_executor, Clock const&) override
    {
        return *journals_.emplace_back(std::make_unique<MemoryJournal>(disk_, remembered_));
    }
    asio::awaitable<std::map<BookId, std::int64_t>> seal(ledger::Journal&) override
    {
        disk_.seal();
        std::map<BookId, std::int64_t> sealed;
        for (auto const& [id, book] : disk_.books) sealed[id] = static_cast<std::int64_t>(book.sealed);
        co_return sealed;
    }

private:
    std::size_t remembered_;
    Disk disk_;
    std::vector<std::unique_ptr<MemoryJournal>> journals_;
};

}  // namespace

std::optional<std::string> rehearse_in_memory(Plan const& plan, Plant plant)
{
    MemoryStage stage(plan.sizes.remembered);
    Rehearsal rehearsal(plan, stage, plant);
    return rehearsal.run();
}

}  // namespace cho40::tests::model
