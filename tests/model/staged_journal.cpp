#include "tests/model/staged_journal.h"

namespace cho40::tests::model {

using boost::asio::awaitable;

StagedJournal::StagedJournal(boost::asio::any_io_executor executor, ledger::Journal& inner,
                             std::function<void(ledger::Batch const&)> committed)
    : executor_(std::move(executor)), inner_(inner), committed_(std::move(committed))
{
}

awaitable<Result<ledger::State>> StagedJournal::take_over()
{
    ++busy_;
    auto state = co_await inner_.take_over();
    --busy_;
    co_return state;
}

awaitable<ledger::Journal::Append> StagedJournal::append(std::shared_ptr<ledger::Batch const> batch, Turn turn)
{
    ++busy_;
    bool granted = false;
    Turn gated = [this, turn, &granted]() -> awaitable<bool> {
        --busy_;
        bool const mine = co_await turn();
        if (mine && !std::exchange(granted, true)) co_await gate(false);
        ++busy_;
        co_return mine;
    };
    auto result = co_await inner_.append(batch, std::move(gated));
    --busy_;
    if (result.written != Written::committed) co_return result;
    committed_(*batch);
    co_await gate(true);
    if (answers_lost_) co_return Append{Written::lease_lost, {}};
    co_return result;
}

awaitable<Result<std::vector<ledger::JournalRow>>> StagedJournal::find(std::vector<Uuid> ids)
{
    if (std::exchange(deaf_, false)) co_return fail(Errc::unavailable, "the journal does not hear");
    ++busy_;
    auto rows = co_await inner_.find(std::move(ids));
    --busy_;
    co_return rows;
}

awaitable<void> StagedJournal::gate(bool after_commit)
{
    Gate gate{OneShot<bool>(executor_), after_commit};
    auto const opened = gate.open;
    gates_.push_back(std::move(gate));
    (void)co_await opened.wait();
}

void StagedJournal::step()
{
    if (gates_.empty()) return;
    auto const gate = std::move(gates_.front());
    gates_.pop_front();
    gate.open.set(true);
}

void StagedJournal::give_up()
{
    if (gates_.empty() || !gates_.front().after_commit) return;
    answers_lost_ = true;
    step();
}

}  // namespace cho40::tests::model
