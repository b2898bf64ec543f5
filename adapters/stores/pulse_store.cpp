#include "adapters/stores/pulse_store.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using postgres::Params;
using postgres::Statement;

constexpr Statement read_pulse{"pulse_read",
                               "SELECT epoch, address, least(extract(epoch FROM now() - beat_at) * 1000, 1e12)::int8, beat_at = 'epoch' "
                               "FROM ledger_pulse WHERE writer_group = $1"};
constexpr Statement write_pulse{
    "pulse_write",
    "INSERT INTO ledger_pulse AS p (writer_group, epoch, address, beat_at) VALUES ($1, $2, $3, now()) "
    "ON CONFLICT (writer_group) DO UPDATE SET epoch = $2, address = $3, beat_at = now() WHERE p.epoch <= $2 RETURNING 1::int8"};
constexpr Statement rest_pulse{"pulse_rest", "UPDATE ledger_pulse SET beat_at = 'epoch' WHERE writer_group = $1 AND epoch = $2"};

}  // namespace

awaitable<Result<std::optional<Pulse>>> PulseStore::read()
{
    Params params(group_);
    CHO_CO_TRY(auto rows, postgres::to_result(co_await pool_.read_one(read_pulse, std::move(params))));
    co_return read_first(rows, [](postgres::Row const& row) {
        return Pulse{row.get<std::int64_t>(0), row.get<std::string>(1), std::chrono::milliseconds(row.get<std::int64_t>(2)),
                     row.get<bool>(3)};
    });
}

awaitable<Result<bool>> PulseStore::beat(std::int64_t epoch, std::string address)
{
    postgres::Segment segment;
    segment.add(write_pulse, group_, epoch, address).idempotent();
    CHO_CO_TRY(auto replies, postgres::to_result(co_await pool_.write(std::move(segment))));
    co_return !replies[0].empty();
}

awaitable<Result<Done>> PulseStore::rest(std::int64_t epoch)
{
    postgres::Segment segment;
    segment.add(rest_pulse, group_, epoch).idempotent();
    CHO_CO_TRY_DO(postgres::to_result(co_await pool_.write(std::move(segment))));
    co_return Done{};
}

}  // namespace cho40::stores
