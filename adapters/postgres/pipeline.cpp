#include "adapters/postgres/pipeline.h"
#include "adapters/postgres/pipeline_engine.h"
#include <boost/asio/use_awaitable.hpp>

namespace cho40::postgres {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

std::shared_ptr<Segment const> shared(Segment segment) { return std::make_shared<Segment const>(std::move(segment)); }

}  // namespace

awaitable<DbResult<std::shared_ptr<Pipeline>>> Pipeline::connect(asio::any_io_executor executor, SharedConnectionInfo info)
{
    auto socket = co_await Socket::connect(std::move(executor), std::move(info));
    if (!socket) co_return tl::unexpected<DbError>(std::move(socket).error());
    auto engine = std::make_shared<Engine>(*std::move(socket));
    if (auto started = engine->start(); !started) co_return tl::unexpected<DbError>(std::move(started).error());
    co_return std::shared_ptr<Pipeline>(new Pipeline(std::move(engine)));
}

Pipeline::Pipeline(std::shared_ptr<Engine> engine) : engine_(std::move(engine)) {}

Pipeline::~Pipeline() { close(); }

awaitable<DbResult<Replies>> Pipeline::run(Segment segment)
{
    auto const deadline = segment.deadline();
    return send(shared(std::move(segment)), false, deadline);
}

awaitable<DbResult<Replies>> Pipeline::read(Segment segment)
{
    auto const deadline = segment.deadline();
    return send(shared(std::move(segment)), true, deadline);
}

awaitable<DbResult<Replies>> Pipeline::send(std::shared_ptr<Segment const> segment, bool reads, std::chrono::milliseconds deadline)
{
    auto start = [](auto handler, std::shared_ptr<Engine> engine, std::shared_ptr<Segment const> work, bool reading,
                    std::chrono::milliseconds limit) { engine->submit(std::move(work), reading, limit, Waiting(std::move(handler))); };
    return asio::async_initiate<asio::use_awaitable_t<> const, void(DbResult<Replies>)>(std::move(start), asio::use_awaitable, engine_,
                                                                                        std::move(segment), reads, deadline);
}

bool Pipeline::usable() const { return engine_->usable(); }
std::size_t Pipeline::in_flight() const { return engine_->unanswered(); }
int Pipeline::backend_pid() const { return engine_->backend_pid(); }
void Pipeline::on_closed(std::function<void(DbError const&)> callback) { engine_->on_closed(std::move(callback)); }
void Pipeline::retire() { engine_->retire(); }
void Pipeline::close() { engine_->close(DbError(Outcome::not_up, "", "closed")); }

}  // namespace cho40::postgres
