#include "adapters/postgres/pipeline_engine.h"
#include "base/check.h"
#include "base/fault.h"
#include <algorithm>
#include <boost/asio/post.hpp>
#include <fmt/format.h>

namespace cho40::postgres {

namespace asio = boost::asio;

Pipeline::Engine::Engine(std::unique_ptr<Socket> socket)
    : socket_(std::move(socket)), executor_(socket_->descriptor().get_executor()), timer_(executor_)
{
}

DbResult<Done> Pipeline::Engine::start()
{
    if (!PQenterPipelineMode(socket_->raw())) return tl::unexpected<DbError>(lost_connection(socket_->raw(), "pipeline"));
    watch_read();  // also while nothing is on the way: a server that goes down is noticed before the next call
    return Done{};
}

void Pipeline::Engine::submit(std::shared_ptr<Segment const> segment, bool reads, std::chrono::milliseconds limit, Waiting waiting)
{
    auto call = std::make_shared<Call>();
    call->segment = std::move(segment);
    call->waiting = std::move(waiting);
    call->reads = reads;
    call->deadline = std::chrono::steady_clock::now() + limit;
    ++unanswered_;

    if (auto& slot = call->waiting.slot(); slot.is_connected()) {
        slot.assign([weak = std::weak_ptr<Call>(call), self = weak_from_this()](asio::cancellation_type) {
            auto const cancelled = weak.lock();
            auto const engine = self.lock();
            if (!cancelled || !engine || cancelled->answered) return;
            // The statements may be on the wire already; they run to their end and nobody listens.
            engine->answer(*cancelled, tl::unexpected<DbError>(DbError(Outcome::unknown, "", "given up by the caller")));
            asio::post(engine->executor_, [engine] { engine->deliver(); });
        });
    }
    if (!usable()) {
        answer(*call, tl::unexpected<DbError>(DbError(Outcome::not_up, "", "the connection is closed")));
        asio::post(executor_, [self = shared_from_this()] { self->deliver(); });
        return;
    }
    if (call->segment->empty()) {
        answer(*call, Replies());
        asio::post(executor_, [self = shared_from_this()] { self->deliver(); });
        return;
    }
    watch_deadline(call->deadline);
    queued_.push_back(std::move(call));
    plan_flush();
}

// All that is asked for in one turn of the loop goes out together.
void Pipeline::Engine::plan_flush()
{
    if (std::exchange(flush_planned_, true)) return;
    asio::post(executor_, [self = shared_from_this()] {
        self->flush_planned_ = false;
        self->flush();
        self->deliver();
    });
}

void Pipeline::Engine::flush()
{
    if (!is_open()) return;
    auto const queued = std::exchange(queued_, {});
    Flight together;
    auto const send_together = [&] { return together.calls.empty() || send_flight(std::exchange(together, {})); };
    bool sent = true;
    // Reads first: behind a write they would wait for its commit.
    for (auto const& call : queued) {
        if (!sent || !call->reads || call->answered) continue;
        together.calls.push_back(call);
        if (together.calls.size() == reads_together_max) sent = send_together();
    }
    sent = sent && send_together();
    for (auto const& call : queued) {
        if (!sent || call->reads || call->answered) continue;
        Flight alone;
        alone.calls.push_back(call);
        sent = send_flight(std::move(alone));
    }
    if (!sent) {
        // What libpq did not take is answered with the rest.
        for (auto const& call : queued) {
            if (!call->answered) queued_.push_back(call);
        }
        broken("send");
        return;
    }
    write_out();
    if (CHO_FAULT("postgres/pipeline/sent") == fault::Effect::lose) broken("send");
}

// Statements that are new here are prepared before, each under a sync of its own: were it part of the segment, a
// failed segment would leave us not knowing whether the name exists.
bool Pipeline::Engine::prepare_steps(Call const& call)
{
    for (auto const& step : call.segment->steps()) {
        auto& entry = statements_.find(*step.statement, step.params);
        if (entry.state != StatementCache::State::none) continue;
        entry.state = StatementCache::State::sent;
        Flight flight;
        flight.preparing = &entry;
        flight.preparing_name = step.statement->name;
        if (!PQsendPrepare(socket_->raw(), entry.server_name.c_str(), step.statement->sql, static_cast<int>(entry.types.size()),
                           entry.types.data()))
            return false;
        if (!PQpipelineSync(socket_->raw())) return false;
        flights_.push_back(std::move(flight));
    }
    return true;
}

bool Pipeline::Engine::send_steps(Call const& call)
{
    for (auto const& step : call.segment->steps()) {
        auto const& entry = statements_.find(*step.statement, step.params);
        arrays_.fill(step.params);
        if (!PQsendQueryPrepared(socket_->raw(), entry.server_name.c_str(), arrays_.count, arrays_.values.data(), arrays_.lengths.data(),
                                 arrays_.formats.data(), 1))
            return false;
    }
    return true;
}

bool Pipeline::Engine::send_flight(Flight flight)
{
    for (auto const& call : flight.calls) {
        if (!prepare_steps(*call)) return false;
    }
    for (auto const& call : flight.calls) {
        if (!send_steps(*call)) return false;
    }
    if (!PQpipelineSync(socket_->raw())) return false;
    flights_.push_back(std::move(flight));
    return true;
}

void Pipeline::Engine::write_out()
{
    if (!is_open() || writing_) return;
    auto const left = PQflush(socket_->raw());
    if (left < 0) return broken("send");
    if (left > 0) watch_write();
}

void Pipeline::Engine::watch_write()
{
    writing_ = true;
    socket_->descriptor().async_wait(Socket::Descriptor::wait_write, [self = shared_from_this()](boost::system::error_code error) {
        self->writing_ = false;
        if (error || !self->is_open()) return;
        self->write_out();
        self->deliver();
    });
}

void Pipeline::Engine::watch_read()
{
    if (reading_ || !is_open()) return;
    reading_ = true;
    socket_->descriptor().async_wait(Socket::Descriptor::wait_read, [self = shared_from_this()](boost::system::error_code error) {
        self->reading_ = false;
        if (error || !self->is_open()) return;
        if (PQconsumeInput(self->socket_->raw())) {
            self->process();
            self->write_out();
            self->watch_read();
        } else {
            self->process();  // what came before the end still counts
            self->broken("read");
        }
        self->deliver();
    });
}

// Takes every result that is complete. PQgetResult never waits here: PQisBusy is asked first, always.
void Pipeline::Engine::process()
{
    int nulls = 0;
    while (is_open() && !flights_.empty() && !PQisBusy(socket_->raw())) {
        Rows result(PQgetResult(socket_->raw()));
        if (!result.raw()) {
            // One null ends a statement; two in a row say that no more will come, not even the sync.
            if (++nulls >= 2) break;
            statement_ended();
            continue;
        }
        nulls = 0;
        take(std::move(result));
    }
    if (is_open() && PQstatus(socket_->raw()) == CONNECTION_BAD) broken("read");
    if (retiring_ && flights_.empty() && queued_.empty()) close(DbError(Outcome::not_up, "", "retired"));
}

void Pipeline::Engine::take(Rows result)
{
    auto& flight = flights_.front();
    auto* const call = flight.current();
    switch (PQresultStatus(result.raw())) {
    case PGRES_PIPELINE_SYNC: return flight_ended();
    case PGRES_PIPELINE_ABORTED: return;
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
    case PGRES_EMPTY_QUERY:
        if (call) call->replies.push_back(std::move(result));
        return;
    case PGRES_FATAL_ERROR:
    case PGRES_BAD_RESPONSE: {
        if (flight.error) return;
        std::string_view name = flight.preparing ? flight.preparing_name : "commit";
        StatementCache::Entry* entry = nullptr;
        if (call && flight.step < call->segment->steps().size()) {
            auto const& step = call->segment->steps()[flight.step];
            name = step.statement->name;
            entry = &statements_.find(*step.statement, step.params);
        }
        flight.error = error_of(result.raw(), name);
        // The name does not exist because preparing it failed: say what was wrong with the statement instead.
        if (flight.error->sqlstate == "26000" && entry && !entry->failure.sqlstate.empty()) flight.error = entry->failure;
        if (call) call->error = flight.error;
        return;
    }
    default:
        // COPY: libpq would return the same result for ever.
        close(DbError(Outcome::refused, "0A000", "COPY in a pipeline"));
    }
}

void Pipeline::Engine::statement_ended()
{
    auto& flight = flights_.front();
    auto const* const call = flight.current();
    if (!call) return;
    if (++flight.step < call->segment->steps().size()) return;
    flight.step = 0;
    ++flight.call;
}

void Pipeline::Engine::flight_ended()
{
    auto flight = std::move(flights_.front());
    flights_.pop_front();
    auto const warned = socket_->take_replication_warning();

    if (flight.preparing) {
        flight.preparing->state = flight.error ? StatementCache::State::none : StatementCache::State::ready;
        flight.preparing->failure = flight.error ? *flight.error : DbError();
        return;
    }
    bool const plans_are_old = flight.error && (flight.error->sqlstate == "0A000" || flight.error->sqlstate == "26000");
    bool const commit_failed = flight.error && std::ranges::none_of(flight.calls, [](auto const& c) { return c->error.has_value(); });
    bool failed = false;
    for (auto const& call : flight.calls) {
        if (commit_failed) call->error = flight.error;
        if (call->error) {
            failed = true;
            answer(*call, tl::unexpected<DbError>(*call->error));
        } else if (failed) {
            // A read behind one that failed: it was not run. Ask again; its deadline stays.
            call->replies.clear();
            if (!call->answered) queued_.push_back(call);
        } else if (warned && !call->reads) {
            answer(*call, tl::unexpected<DbError>(DbError(Outcome::unknown, "01000", "committed here, not on the standby")));
        } else {
            answer(*call, std::move(call->replies));
        }
    }
    if (!queued_.empty()) plan_flush();
    // The tables changed under the prepared plans (a migration ran): this connection ends, a new one prepares anew.
    if (plans_are_old) retire();
}

void Pipeline::Engine::answer(Call& call, DbResult<Replies> reply)
{
    if (std::exchange(call.answered, true)) return;
    CHO_CHECK(unanswered_ > 0);
    --unanswered_;
    if (auto& slot = call.waiting.slot(); slot.is_connected()) slot.clear();
    done_.emplace_back(std::move(call.waiting), std::move(reply));
}

// Callers go on only when nothing of ours is half done: they may call back, close, or destroy us.
void Pipeline::Engine::deliver()
{
    if (delivering_) return;
    delivering_ = true;
    auto const keep = shared_from_this();
    while (!done_.empty()) {
        auto ready = std::exchange(done_, {});
        for (auto& [waiting, reply] : ready) std::move(waiting)(std::move(reply));
    }
    delivering_ = false;
}

void Pipeline::Engine::watch_deadline(TimePoint deadline)
{
    if (deadline >= timer_at_) return;
    timer_at_ = deadline;
    timer_.expires_at(deadline);
    timer_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
        if (error) return;
        if (auto const self = weak.lock()) {
            self->timer_at_ = TimePoint::max();
            self->deadline_passed();
            self->deliver();
        }
    });
}

void Pipeline::Engine::deadline_passed()
{
    if (!is_open()) return;
    auto const now = std::chrono::steady_clock::now();
    auto next = TimePoint::max();
    bool late = false;
    for (auto const& flight : flights_) {
        for (auto const& call : flight.calls) {
            if (call->deadline <= now) late = true;
            next = std::min(next, call->deadline);
        }
    }
    for (auto const& call : queued_) next = std::min(next, call->deadline);
    if (late) {
        // A server that answers TCP and does not commit is found only here. It may still finish the work: unknown.
        socket_->demote_host();
        close(DbError(Outcome::unknown, "", "no answer in time"));
        return;
    }
    if (next != TimePoint::max()) watch_deadline(std::max(next, now + std::chrono::milliseconds(1)));
}

void Pipeline::Engine::retire()
{
    retiring_ = true;
    if (flights_.empty() && queued_.empty()) close(DbError(Outcome::not_up, "", "retired"));
}

void Pipeline::Engine::broken(std::string_view while_doing)
{
    // The server's last words, when it said why it ends the connection.
    auto why = lost_connection(socket_->raw(), while_doing);
    if (!flights_.empty() && flights_.front().error) why = *flights_.front().error;
    why.connection_lost = true;
    close(why);
}

void Pipeline::Engine::close(DbError const& why)
{
    if (!is_open()) return;
    socket_->close();
    timer_.cancel();
    timer_at_ = TimePoint::max();
    for (auto& flight : std::exchange(flights_, {})) {
        for (auto const& call : flight.calls) {
            auto error = call->error.value_or(why);
            // An error of this statement that came before the end is its answer: refused stays refused.
            if (!call->error) error.outcome = Outcome::unknown;
            error.connection_lost = true;
            answer(*call, tl::unexpected<DbError>(std::move(error)));
        }
    }
    for (auto const& call : std::exchange(queued_, {})) {
        auto error = why;
        error.outcome = Outcome::not_up;  // it never left this process
        error.connection_lost = true;
        answer(*call, tl::unexpected<DbError>(std::move(error)));
    }
    if (auto callback = std::exchange(closed_, nullptr)) asio::post(executor_, [callback = std::move(callback), why] { callback(why); });
    asio::post(executor_, [self = shared_from_this()] { self->deliver(); });
}

}  // namespace cho40::postgres
