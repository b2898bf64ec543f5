#include "apps/service/ledger_node.h"
#include "base/fault.h"
#include <boost/asio/use_awaitable.hpp>

namespace cho40::service {

using boost::asio::awaitable;

namespace {

constexpr auto beat_every = std::chrono::seconds(1);

Error nobody_writes() { return {Errc::writer_lost, "no instance writes at the moment; try again in a few seconds"}; }

}  // namespace

LedgerNode::Term::Term(LedgerNode& node)
    : journal(node.executor_, node.info_, node.journal_options_, node.row_writers_, node.clock_, node.log_),
      notary(node.executor_, node.signing_.store, node.signing_.signer, node.clock_, node.signing_.watch),
      writer(node.executor_, journal, node.clock_, {}, [this, &node](ledger::Batch const& batch) {
          notary.on_committed(batch.journal);
          node.check(*this, batch);
          node.after_commit_(batch);
      })
{
}

LedgerNode::LedgerNode(boost::asio::any_io_executor executor, postgres::SharedConnectionInfo info, postgres::Pool& pool,
                       http::Client& client, identity::InstallationKey const& key, stores::JournalOptions journal, Options options,
                       Signing signing, stores::RowWriters const& row_writers, Clock const& clock, observability::Log const& log,
                       std::function<void(ledger::Batch const&)> after_commit)
    : executor_(executor), info_(std::move(info)), pulses_(pool, journal.writer_group), client_(client), key_(key),
      journal_options_(std::move(journal)), options_(std::move(options)), signing_(signing), row_writers_(row_writers), clock_(clock),
      log_(log), after_commit_(std::move(after_commit)), term_begun_(executor)
{
}

ledger::Writer* LedgerNode::writer() { return term_ && term_->writer.is_writing() ? &term_->writer : nullptr; }

bool LedgerNode::can_take_commands() { return writer() != nullptr || leader_ != nullptr; }

awaitable<Result<Done>> LedgerNode::start()
{
    if (!alone()) {
        co_await follow();
        if (leader_) co_return Done{};
        if (term_) co_return Done{};
    }
    co_return co_await take_over(std::nullopt);
}

awaitable<Result<Done>> LedgerNode::take_over(std::optional<std::int64_t> expected_epoch)
{
    auto term = std::make_shared<Term>(*this);
    term->journal.expect_epoch(expected_epoch);
    CHO_CO_TRY_DO(co_await term->writer.start());
    if (options_.check_batches) term->check.emplace(term->writer.state());
    term_ = std::move(term);
    leader_.reset();
    leader_address_.clear();
    term_begun_.ring();
    co_await beat();
    co_return Done{};
}

void LedgerNode::check(Term& term, ledger::Batch const& batch)
{
    if (!term.check) return;
    auto fault = term.check->on_committed(batch, term.writer.state());
    if (!batch.journal.empty() && CHO_FAULT("ledger/check/batch") == fault::Effect::refuse) {
        fault = ledger::Fault{"planted", batch.journal.front().book, batch.journal.front().seq, "a test said so"};
    }
    if (!fault) return;
    log_.error("ledger.law_broken", {{"law", fault->law}, {"book", fault->book.value}, {"seq", fault->seq}, {"what", fault->what}});
    term.check.reset();
    must_end_ = true;
    term.writer.give_way();
}

awaitable<void> LedgerNode::write()
{
    while (!stopping_) {
        if (!term_) {
            co_await term_begun_.wait();
            continue;
        }
        auto const term = term_;
        co_await term->writer.run();
        if (stopping_) co_return;
        must_end_ = must_end_ || alone();
        if (must_end_) co_return;
        log_.warning("ledger.writes_elsewhere", {{"epoch", term->journal.epoch()}});
        if (term_ == term) term_.reset();
    }
}

// One round at a time: ticks for what expires, a beat each second, or a look at the writer's.
awaitable<void> LedgerNode::watch()
{
    auto last_beat = std::chrono::steady_clock::now();
    for (;;) {
        co_await pause(options_.round);
        if (stopping_) co_return;
        if (auto* mine = writer()) {
            mine->tick();
            if (std::chrono::steady_clock::now() - last_beat < beat_every) continue;
            last_beat = std::chrono::steady_clock::now();
            co_await beat();
        } else if (!alone()) {
            co_await follow();
        }
    }
}

// A writer that was frozen learns here, at the latest, that another has taken its place.
awaitable<void> LedgerNode::beat()
{
    auto const term = term_;
    auto const known = co_await pulses_.beat(term->journal.epoch(), options_.address);
    if (known && !*known) term->writer.give_way();
}

awaitable<void> LedgerNode::follow()
{
    auto const pulse = co_await pulses_.read();
    if (!pulse) co_return;  // the database does not answer: nobody can write, and nothing can be decided
    bool const gone = !*pulse || (*pulse)->resting || (*pulse)->age > options_.lease;
    if (!gone) {
        if ((*pulse)->address.empty()) {
            leader_.reset();  // somebody who is alone: it can be neither reached nor replaced
        } else if (!leader_ || leader_address_ != (*pulse)->address) {
            leader_address_ = (*pulse)->address;
            leader_ = std::make_shared<api::RemoteLedger>(client_, key_, row_writers_, clock_, leader_address_);
            log_.info("ledger.follows", {{"writer", leader_address_}});
        }
        co_return;
    }
    leader_.reset();
    auto const epoch = *pulse ? (*pulse)->epoch : 0;
    auto const taken = co_await take_over(epoch);
    if (taken) log_.info("ledger.taken_over", {{"after_epoch", epoch}, {"rested", *pulse && (*pulse)->resting}});
    else if (taken.error().code != Errc::writer_lost) log_.warning("ledger.not_taken_over", {{"why", taken.error().detail}});
}

awaitable<void> LedgerNode::keep_parts()
{
    for (;;) {
        co_await pause(beat_every);
        auto const term = term_;
        if (stopping_ || !term || !term->writer.is_writing()) continue;
        auto const sealed = co_await term->journal.keep_parts();
        for (auto const& [book, seq] : sealed) term->writer.drop_entries(book, seq);
    }
}

// Beside the pulse and not before it: books without heads may take a while to be taken up.
awaitable<void> LedgerNode::sign_heads()
{
    std::shared_ptr<Term> started;
    for (bool more = false;;) {
        if (!more) co_await pause(beat_every);
        more = false;
        auto const term = term_;
        if (stopping_ || !term || !term->writer.is_writing()) {
            started.reset();
            continue;
        }
        if (started != term) {
            if (auto const begun = co_await term->notary.start(); !begun) {
                log_.warning("ledger.notary_not_started", {{"why", begun.error().detail}});
                continue;
            }
            started = term;
        }
        auto const round = co_await term->notary.round();
        if (!round) log_.warning("ledger.heads_not_signed", {{"why", round.error().detail}});
        else more = *round;
    }
}

void LedgerNode::stop()
{
    stopping_ = true;
    if (term_) {
        term_->writer.stop();
        term_->journal.give_up();
    }
    term_begun_.ring();
}

awaitable<void> LedgerNode::rest()
{
    if (!term_) co_return;
    (void)co_await term_->notary.round();
    (void)co_await pulses_.rest(term_->journal.epoch());
}

awaitable<void> LedgerNode::pause(std::chrono::milliseconds time)
{
    boost::asio::steady_timer timer(executor_, time);
    co_await timer.async_wait(boost::asio::use_awaitable);
}

awaitable<Result<ledger::Receipt>> LedgerNode::submit(ledger::Command command)
{
    if (auto const term = term_) co_return co_await term->writer.submit(std::move(command));
    if (auto const leader = leader_) co_return co_await leader->submit(std::move(command));
    co_return fail(nobody_writes());
}

awaitable<std::vector<Result<ledger::Receipt>>> LedgerNode::submit_all(std::vector<ledger::Command> commands)
{
    if (auto const term = term_) co_return co_await term->writer.submit_all(std::move(commands));
    if (auto const leader = leader_) co_return co_await leader->submit_all(std::move(commands));
    std::vector<Result<ledger::Receipt>> answers;
    for (std::size_t i = 0; i < commands.size(); ++i) answers.push_back(fail(nobody_writes()));
    co_return answers;
}

}  // namespace cho40::service
