#include "ledger/writer.h"

namespace cho40::ledger {

Writer::Writer(boost::asio::any_io_executor executor, Journal& journal, Clock const& clock, WriterLimits limits,
               std::function<void(Batch const&)> after_commit)
    : executor_(executor), journal_(journal), clock_(clock), limits_(limits), after_commit_(std::move(after_commit)), bell_(executor)
{
}

boost::asio::awaitable<Result<Done>> Writer::start()
{
    CHO_CO_TRY(state_, co_await journal_.take_over());
    started_ = true;
    co_return Done{};
}

boost::asio::awaitable<Result<Receipt>> Writer::submit(Command command)
{
    if (lost_ || stopping_ || !started_) co_return fail(Errc::writer_lost, "this instance does not write; try again");
    if (queue_.size() >= limits_.queue_max) co_return fail(Errc::queue_full, "too much is waiting to be written; try again shortly");
    OneShot<Result<Receipt>> answer(executor_);
    queue_.push_back(Waiting{std::move(command), answer});
    bell_.ring();
    co_return co_await answer.wait();
}

void Writer::stop()
{
    stopping_ = true;
    bell_.ring();
}

boost::asio::awaitable<void> Writer::run()
{
    for (;;) {
        while (queue_.empty() && !stopping_) co_await bell_.wait();
        if (queue_.empty()) co_return;
        std::vector<Waiting> waiting;
        auto const count = std::min(queue_.size(), limits_.batch_max);
        waiting.reserve(count);
        for (std::size_t i = 0; i < count; ++i) {
            waiting.push_back(std::move(queue_.front()));
            queue_.pop_front();
        }
        bool const mine = co_await write(std::move(waiting));
        if (!mine) {
            lose("another writer has taken over");
            co_return;
        }
    }
}

boost::asio::awaitable<bool> Writer::write(std::vector<Waiting> waiting)
{
    std::vector<Command> commands;
    commands.reserve(waiting.size());
    for (auto& w : waiting) commands.push_back(std::move(w.command));

    auto batch = std::make_shared<Batch>(state_.apply(commands, clock_.now()));
    Journal::Append append;
    if (!batch->writes_nothing()) append = co_await journal_.append(batch);

    if (append.written == Journal::Written::lease_lost) {
        for (auto& w : waiting) w.answer.set(fail(Errc::writer_lost, "another writer has taken over; try again"));
        co_return false;
    }
    if (append.written == Journal::Written::refused) {
        state_.undo();
        if (waiting.size() == 1) {
            ++figures_.refused;
            waiting[0].answer.set(fail(Errc::stale, "the database refused the command: " + append.error));
            co_return true;
        }
        // Something that memory could not see stands in the way of one of them. Each on its own: the others pass.
        for (std::size_t i = 0; i < waiting.size(); ++i) {
            std::vector<Waiting> one;
            one.push_back(Waiting{std::move(commands[i]), waiting[i].answer});
            bool const mine = co_await write(std::move(one));
            if (!mine) {
                for (std::size_t j = i + 1; j < waiting.size(); ++j) {
                    waiting[j].answer.set(fail(Errc::writer_lost, "another writer has taken over; try again"));
                }
                co_return false;
            }
        }
        co_return true;
    }
    if (!batch->writes_nothing()) {
        ++figures_.batches;
        figures_.transfers += batch->journal.size();
        if (after_commit_) after_commit_(*batch);
    }
    for (std::size_t i = 0; i < waiting.size(); ++i) {
        ++figures_.commands;
        if (!batch->outcomes[i]) ++figures_.refused;
        waiting[i].answer.set(std::move(batch->outcomes[i]));
    }
    co_return true;
}

void Writer::lose(std::string const& why)
{
    lost_ = true;
    for (auto& w : queue_) w.answer.set(fail(Errc::writer_lost, why + "; try again"));
    queue_.clear();
}

}  // namespace cho40::ledger
