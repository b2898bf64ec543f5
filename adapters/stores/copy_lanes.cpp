#include "adapters/stores/copy_lanes.h"
#include "base/check.h"
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using boost::asio::co_spawn;
using boost::asio::use_awaitable;
using postgres::Connection;
using postgres::DbError;
using postgres::DbResult;
using postgres::Outcome;
using postgres::Params;

// As long as COMMIT was not sent nothing stands, whatever became of the connection.
DbError nothing_stands(DbError error)
{
    if (error.outcome == Outcome::unknown) error.outcome = Outcome::not_up;
    return error;
}

}  // namespace

DbResult<Done> after_fault(fault::Effect effect, Connection& connection)
{
    if (effect == fault::Effect::refuse) return tl::unexpected<DbError>(DbError(Outcome::refused, "XX000", "refused by a test"));
    if (effect == fault::Effect::lose) connection.close();
    return Done{};
}

// A lane for one transaction: taken when it is free, given back however the transaction ends.
class CopyLanes::LaneTurn {
public:
    static awaitable<std::unique_ptr<LaneTurn>> take(CopyLanes& lanes, std::uint64_t place)
    {
        for (;;) {
            auto const free = std::ranges::find(lanes.lanes_, false, &Lane::busy);
            if (free != lanes.lanes_.end() && lanes.places_served_ + 1 == place) {
                lanes.places_served_ = place;
                lanes.lane_free_.ring();
                co_return std::make_unique<LaneTurn>(lanes, *free);
            }
            co_await lanes.lane_free_.wait();
        }
    }
    LaneTurn(CopyLanes& lanes, Lane& lane) : lanes_(lanes), lane_(lane) { lane_.busy = true; }
    ~LaneTurn()
    {
        if (lane_.connection && (!lane_.connection->usable() || lane_.connection->in_transaction())) lane_.connection.reset();
        lane_.busy = false;
        lanes_.lane_free_.ring();
    }
    LaneTurn(LaneTurn const&) = delete;
    LaneTurn& operator=(LaneTurn const&) = delete;

    [[nodiscard]] Lane& lane() { return lane_; }

private:
    CopyLanes& lanes_;
    Lane& lane_;
};

CopyLanes::CopyLanes(postgres::SharedConnectionInfo const& info, std::string application_name, std::string writer_group, std::size_t lanes)
    : loop_(1), work_(loop_.get_executor()), info_(std::make_shared<postgres::ConnectionInfo>(*info)),
      application_name_(std::move(application_name)), writer_group_(std::move(writer_group)), lanes_(lanes),
      lane_free_(loop_.get_executor()), thread_([this] { loop_.run(); })
{
    CHO_CHECK(!lanes_.empty());
}

CopyLanes::~CopyLanes()
{
    loop_.stop();
    thread_.join();
    CHO_CHECK(std::ranges::none_of(lanes_, &Lane::busy));
}

awaitable<DbResult<bool>> CopyLanes::write(std::uint64_t place, CopyTransaction transaction, ledger::Journal::Turn const& turn,
                                           std::chrono::milliseconds deadline)
{
    auto const home = co_await boost::asio::this_coro::executor;
    Ask ask = [&turn, home]() -> awaitable<bool> { co_return co_await co_spawn(home, turn(), use_awaitable); };
    co_return co_await co_spawn(loop_, write_here(place, std::move(transaction), std::move(ask), deadline), use_awaitable);
}

awaitable<DbResult<bool>> CopyLanes::write_here(std::uint64_t place, CopyTransaction transaction, Ask ask,
                                                std::chrono::milliseconds deadline)
{
    auto const turn = co_await LaneTurn::take(*this, place);
    auto& lane = turn->lane();
    if (auto opened = co_await open(lane); !opened) {
        // Whatever the server has against a new connection is not the batch's fault: no refusal, it is tried again.
        co_return tl::unexpected<DbError>(DbError(Outcome::not_up, "", opened.error().sqlstate + " " + opened.error().message));
    }
    auto& connection = *lane.connection;
    if (auto filled = co_await fill(connection, transaction, deadline); !filled) {
        co_return tl::unexpected<DbError>(nothing_stands(std::move(filled).error()));
    }
    bool const mine = co_await ask();
    if (!mine) {
        (void)co_await connection.rollback();
        co_return false;
    }
    // Only now: what follows may concern rows of the batch before, which are to be seen once that is committed.
    if (auto rested = co_await run_steps(connection, transaction.rest, deadline); !rested) {
        co_return tl::unexpected<DbError>(nothing_stands(std::move(rested).error()));
    }
    if (auto go = after_fault(CHO_FAULT("ledger/rows/done"), connection); !go) co_return tl::unexpected<DbError>(go.error());
    if (auto go = after_fault(CHO_FAULT("ledger/commit/before"), connection); !go) co_return tl::unexpected<DbError>(go.error());
    auto committed = co_await connection.commit(deadline);
    if (CHO_FAULT("ledger/commit/after") == fault::Effect::lose) {
        co_return tl::unexpected<DbError>(DbError(Outcome::unknown, "", "the answer was lost by a test"));
    }
    if (!committed) co_return tl::unexpected<DbError>(std::move(committed).error());
    co_return true;
}

// Named after the group, so that a takeover can end what a frozen writer left open.
awaitable<DbResult<Done>> CopyLanes::open(Lane& lane)
{
    if (lane.connection && lane.connection->usable()) co_return Done{};
    auto opened = co_await Connection::connect(loop_.get_executor(), info_);
    if (!opened) co_return tl::unexpected<DbError>(std::move(opened).error());
    Params name(application_name_, writer_group_);
    auto named = co_await (*opened)->execute(name_backend, std::move(name));
    if (!named) co_return tl::unexpected<DbError>(std::move(named).error());
    lane.connection = std::move(*opened);
    co_return Done{};
}

awaitable<DbResult<Done>> CopyLanes::fill(Connection& connection, CopyTransaction& transaction, std::chrono::milliseconds deadline)
{
    if (auto go = after_fault(CHO_FAULT("ledger/begin/before"), connection); !go) co_return go;
    if (auto begun = co_await connection.begin(deadline); !begun) co_return begun;
    if (auto opened = co_await run_steps(connection, transaction.opening, deadline); !opened) co_return opened;
    if (auto go = after_fault(CHO_FAULT("ledger/lease/checked"), connection); !go) co_return go;
    auto copied = co_await connection.copy_in(transaction.copy_command, std::move(transaction.rows), deadline);
    if (!copied) co_return tl::unexpected<DbError>(std::move(copied).error());
    co_return after_fault(CHO_FAULT("ledger/copy/done"), connection);
}

awaitable<DbResult<Done>> CopyLanes::run_steps(Connection& connection, postgres::Segment& segment, std::chrono::milliseconds deadline)
{
    for (auto& step : segment.take_steps()) {
        auto done = co_await connection.execute(*step.statement, std::move(step.params), deadline);
        if (!done) co_return tl::unexpected<DbError>(std::move(done).error());
    }
    co_return Done{};
}

}  // namespace cho40::stores
