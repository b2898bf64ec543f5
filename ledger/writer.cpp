#include "ledger/writer.h"
#include "base/check.h"
#include "base/spawn.h"

namespace cho40::ledger {
namespace {

constexpr std::size_t flights_max = 2;
constexpr std::size_t slice = 256;  // commands decided between two turns of the loop: a fraction of a millisecond
constexpr std::size_t ahead = 4;    // commands between looking forward to one and deciding it

std::size_t weight(Command const& command) { return std::max<std::size_t>(1, command.transfers.size()); }

}  // namespace

boost::asio::awaitable<std::vector<Result<Receipt>>> Ledger::submit_all(std::vector<Command> commands)
{
    std::vector<Result<Receipt>> answers;
    answers.reserve(commands.size());
    for (auto& command : commands) answers.push_back(co_await submit(std::move(command)));
    co_return answers;
}

Writer::Reply::Reply(boost::asio::any_io_executor executor, std::size_t count)
    : answers(count), missing(count), complete(std::move(executor))
{
}

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

std::optional<Error> Writer::not_taken(std::size_t transfers) const
{
    if (lost_ || stopping_ || !started_) return Error(Errc::writer_lost, "this instance does not write; try again");
    if (queued_transfers_ > 0 && queued_transfers_ + transfers > limits_.queue_max) {
        return Error(Errc::queue_full, "too much is waiting to be written; try again shortly");
    }
    return std::nullopt;
}

void Writer::enqueue(Command command, std::shared_ptr<Reply> const& reply, std::size_t index)
{
    queued_transfers_ += weight(command);
    queue_.push_back(Waiting{std::move(command), reply, index});
}

boost::asio::awaitable<Result<Receipt>> Writer::submit(Command command)
{
    if (auto error = not_taken(weight(command))) co_return tl::unexpected<Error>(*std::move(error));
    auto reply = std::make_shared<Reply>(executor_, 1);
    enqueue(std::move(command), reply, 0);
    bell_.ring();
    co_await reply->complete.wait();
    co_return *std::move(reply->answers[0]);
}

boost::asio::awaitable<std::vector<Result<Receipt>>> Writer::submit_all(std::vector<Command> commands)
{
    std::vector<Result<Receipt>> answers;
    answers.reserve(commands.size());
    if (commands.empty()) co_return answers;
    std::size_t transfers = 0;
    for (auto const& command : commands) transfers += weight(command);
    if (auto error = not_taken(transfers)) {
        for (std::size_t i = 0; i < commands.size(); ++i) answers.push_back(tl::unexpected<Error>(*error));
        co_return answers;
    }
    auto reply = std::make_shared<Reply>(executor_, commands.size());
    for (std::size_t i = 0; i < commands.size(); ++i) enqueue(std::move(commands[i]), reply, i);
    bell_.ring();
    co_await reply->complete.wait();
    for (auto& answer : reply->answers) answers.push_back(*std::move(answer));
    co_return answers;
}

void Writer::stop()
{
    stopping_ = true;
    bell_.ring();
}

void Writer::tick()
{
    if (has_work()) bell_.ring();
}

void Writer::give_way()
{
    if (lost_) return;
    lose("another writer has taken over");
    bell_.ring();
}

bool Writer::has_work() const
{
    if (!isolated_.empty() || !queue_.empty()) return true;
    auto const expiry = state_.next_expiry();
    return expiry && *expiry <= clock_.now();
}

bool Writer::may_start() const
{
    if (flights_.empty()) return has_work();
    // On top of a batch that is being committed only when there is enough to keep the disk and the processor busy at once;
    // else what arrives waits, and the next commit takes more.
    return flights_.size() < flights_max && isolated_.empty() && !flights_.back()->alone && queued_transfers_ >= limits_.overlap_from;
}

boost::asio::awaitable<void> Writer::run()
{
    while (!lost_) {
        if (land()) continue;
        if (may_start()) {
            co_await launch();
            continue;
        }
        if (stopping_ && flights_.empty() && queue_.empty() && isolated_.empty()) co_return;
        co_await bell_.wait();
    }
    // Nobody waits for their answers any more, but they still run in the journal, and its owner goes by our end.
    while (appending_ > 0) co_await bell_.wait();
}

Writer::Group Writer::take_group(bool& alone)
{
    alone = !isolated_.empty();
    Group group;
    if (alone) {
        group = std::move(isolated_.front());
        isolated_.pop_front();
        return group;
    }
    group.reserve(std::min(queue_.size(), limits_.batch_max));
    for (std::size_t transfers = 0; !queue_.empty();) {
        auto const next = weight(queue_.front().command);
        if (transfers > 0 && transfers + next > limits_.batch_max) break;
        transfers += next;
        queued_transfers_ -= next;
        group.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    return group;
}

boost::asio::awaitable<void> Writer::launch()
{
    auto flight = std::make_shared<Flight>(executor_);
    flight->group = take_group(flight->alone);
    auto const recalled = co_await recall_forgotten(flight->group);
    if (lost_ || !recalled) {
        auto const why = lost_ ? Error(Errc::writer_lost, "another writer has taken over; try again")
                               : Error(Errc::unavailable, "the journal cannot be asked; try again");
        for (auto& w : flight->group) answer(w, fail(why));
        co_return;
    }
    flight->batch = std::make_shared<Batch>(state_.open_batch(clock_.now()));
    flight->batch->outcomes.reserve(flight->group.size());
    flight->batch->journal.reserve(flight->group.size());
    for (std::size_t i = 0; i < flight->group.size(); ++i) {
        // A batch before this one is on its way into the database and must not wait for us.
        if (i % slice == slice - 1) co_await take_turns();
        if (i + 2 * ahead < flight->group.size()) state_.expect_later(flight->group[i + 2 * ahead].command);
        if (i + ahead < flight->group.size()) state_.expect_next(flight->group[i + ahead].command);
        state_.apply(flight->group[i].command, *flight->batch);
    }
    state_.forget_recalled();
    if (lost_) {  // while we let others have their turn
        for (auto& w : flight->group) answer(w, fail(Errc::writer_lost, "another writer has taken over; try again"));
        co_return;
    }
    if (flights_.empty()) {
        flight->may_commit.set(true);
        flight->told = true;
    }
    flights_.push_back(flight);
    if (flight->batch->writes_nothing()) {
        flight->result = Journal::Append{};
        co_return;
    }
    ++appending_;
    spawn(executor_, fly(flight));
}

boost::asio::awaitable<void> Writer::fly(std::shared_ptr<Flight> flight)
{
    auto turn = [flight]() -> boost::asio::awaitable<bool> {
        if (!flight->granted) flight->granted = co_await flight->may_commit.wait();
        co_return *flight->granted;
    };
    flight->result = co_await journal_.append(flight->batch, std::move(turn));
    --appending_;
    bell_.ring();
}

// False: the journal cannot be asked.
boost::asio::awaitable<bool> Writer::recall_forgotten(Group const& group)
{
    std::vector<Uuid> ids;
    for (auto const& w : group) {
        for (auto const& id : state_.forgotten(w.command)) ids.push_back(id);
    }
    if (ids.empty()) co_return true;
    figures_.looked_up += ids.size();
    auto const rows = co_await journal_.find(std::move(ids));
    if (!rows) co_return false;
    for (auto const& row : *rows) state_.recall(row);
    co_return true;
}

bool Writer::land()
{
    if (flights_.empty() || !flights_.front()->result) return false;
    switch (flights_.front()->result->written) {
    case Journal::Written::committed: land_committed(); return true;
    case Journal::Written::refused: return land_refused();
    case Journal::Written::abandoned:
    case Journal::Written::lease_lost: lose("another writer has taken over"); return true;
    }
    return false;
}

void Writer::land_committed()
{
    auto const flight = flights_.front();
    flights_.pop_front();
    state_.settle();
    if (!flights_.empty() && !flights_.front()->told) {
        flights_.front()->told = true;
        flights_.front()->may_commit.set(true);
    }
    auto& batch = *flight->batch;
    if (!batch.writes_nothing()) {
        ++figures_.batches;
        figures_.transfers += batch.journal.size();
        if (after_commit_) after_commit_(batch);
    }
    for (std::size_t i = 0; i < flight->group.size(); ++i) answer(flight->group[i], std::move(batch.outcomes[i]));
}

// Something that memory could not see stands in the way of one command. What was applied after the batch is taken back and
// waits again; the batch is tried in halves until the one is found, and all others pass.
bool Writer::land_refused()
{
    if (flights_.size() > 1) {
        auto& later = *flights_.back();
        if (!later.told) {
            later.told = true;
            later.may_commit.set(false);
        }
        if (!later.result) return false;
        state_.undo();
        auto& group = later.group;
        for (auto it = group.rbegin(); it != group.rend(); ++it) {
            queued_transfers_ += weight(it->command);
            queue_.push_front(std::move(*it));
        }
        flights_.pop_back();
    }
    auto const flight = flights_.front();
    flights_.pop_front();
    state_.undo();
    auto& group = flight->group;
    if (group.empty()) {
        lose("the database refuses the ledger's own rows (" + flight->result->error + ")");
        return true;
    }
    if (group.size() == 1) {
        answer(group[0], fail(Errc::stale, "the database refused the command: " + flight->result->error));
        return true;
    }
    auto const middle = group.begin() + static_cast<std::ptrdiff_t>(group.size() / 2);
    Group second(std::make_move_iterator(middle), std::make_move_iterator(group.end()));
    group.erase(middle, group.end());
    isolated_.push_front(std::move(second));
    isolated_.push_front(std::move(group));
    return true;
}

void Writer::answer(Waiting& waiting, Result<Receipt> result)
{
    auto& reply = *waiting.reply;
    CHO_CHECK(!reply.answers[waiting.index]);
    ++figures_.commands;
    if (!result) ++figures_.refused;
    reply.answers[waiting.index] = std::move(result);
    if (--reply.missing == 0) reply.complete.set(true);
}

void Writer::lose(std::string const& why)
{
    lost_ = true;
    auto const refuse = [&](Waiting& w) { answer(w, fail(Errc::writer_lost, why + "; try again")); };
    for (auto const& flight : flights_) {
        if (!flight->told) {
            flight->told = true;
            flight->may_commit.set(false);
        }
        for (auto& w : flight->group) refuse(w);
    }
    flights_.clear();
    for (auto& group : isolated_) {
        for (auto& w : group) refuse(w);
    }
    isolated_.clear();
    for (auto& w : queue_) refuse(w);
    queue_.clear();
    queued_transfers_ = 0;
}

}  // namespace cho40::ledger
