#include "adapters/stores/fee_schedule_store.h"
#include "adapters/stores/row_readers.h"

namespace cho40::stores {
namespace {

using boost::asio::awaitable;
using fees::ImportedSchedule;
using postgres::Bytea;
using postgres::Params;
using postgres::Row;
using postgres::Statement;
using postgres::to_result;

#define CHO40_SCHEDULE_FACTS                                                                                                               \
    "SELECT s.schedule_id, s.digest, s.base_digest, s.base_number, s.row_count, s.note, s.state, coalesce(s.number, 0), s.proposed_by, "   \
    "s.proposed_by_owner, s.proposed_at, s.decided_by, s.decided_at, s.reason, s.version"
#define CHO40_SCHEDULE_NAMES                                                                                                               \
    ", coalesce(pu.name, pk.name, ''), coalesce(du.name, '') FROM fee_schedule s "                                                         \
    "LEFT JOIN app_user pu ON pu.user_id = s.proposed_by LEFT JOIN api_key pk ON pk.key_id = s.proposed_by "                               \
    "LEFT JOIN app_user du ON du.user_id = s.decided_by WHERE s.book_id = 0 "
constexpr Statement find_one{"fsc_find", CHO40_SCHEDULE_FACTS ", s.csv, s.base_csv FROM fee_schedule s WHERE s.book_id = 0 "
                                                              "AND s.schedule_id = $1"};
constexpr Statement find_in_force{"fsc_in_force", CHO40_SCHEDULE_FACTS ", s.csv, s.base_csv FROM fee_schedule s WHERE s.book_id = 0 "
                                                                       "AND s.number IS NOT NULL ORDER BY s.number DESC LIMIT 1"};
constexpr Statement find_number{"fsc_number", "SELECT coalesce(max(number), 0) FROM fee_schedule WHERE book_id = 0"};
constexpr Statement look_at_one{"fsc_look", CHO40_SCHEDULE_FACTS ", s.csv, s.base_csv" CHO40_SCHEDULE_NAMES "AND s.schedule_id = $1"};
// Ids sort by time. The files stay where they are.
constexpr Statement list_all{"fsc_list", CHO40_SCHEDULE_FACTS ", ''::bytea, ''::bytea" CHO40_SCHEDULE_NAMES
                                                              "AND ($1::uuid IS NULL OR s.schedule_id < $1) "
                                                              "ORDER BY s.schedule_id DESC LIMIT $2"};
constexpr Statement insert_schedules{
    "fsc_insert",
    "INSERT INTO fee_schedule (book_id, schedule_id, csv, digest, base_csv, base_digest, base_number, row_count, note, state, "
    "proposed_by, proposed_by_owner, proposed_at, version) "
    "SELECT 0, u.* FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::int8[], $7::int8[], $8::text[], "
    "$9::int2[], $10::uuid[], $11::uuid[], $12::timestamptz[], $13::int8[]) AS u"};
constexpr Statement decide_schedules{
    "fsc_decide", "UPDATE fee_schedule s SET state = u.st, number = nullif(u.n, 0), decided_by = u.b, decided_at = u.a, reason = u.r, "
                  "version = u.v FROM unnest($1::uuid[], $2::int2[], $3::int8[], $4::uuid[], $5::timestamptz[], $6::text[], $7::int8[]) "
                  "AS u(i, st, n, b, a, r, v) WHERE s.book_id = 0 AND s.schedule_id = u.i"};

ImportedSchedule read_schedule(Row const& row)
{
    ImportedSchedule s;
    s.id = row.get<Id<fees::FeeSchedule>>(0);
    s.digest = row.get<Sha256>(1);
    s.base_digest = row.get<Sha256>(2);
    s.base_number = row.get<std::int64_t>(3);
    s.rows = row.get<std::int64_t>(4);
    s.note = row.get<std::string>(5);
    s.state = static_cast<fees::ScheduleState>(row.get<std::int16_t>(6));
    s.number = row.get<std::int64_t>(7);
    s.proposed_by = row.get<Uuid>(8);
    s.proposed_by_owner = row.get<Uuid>(9);
    s.proposed_at = row.get<Instant>(10);
    s.decided_by = row.get<std::optional<Uuid>>(11).value_or(Uuid{});
    s.decided_at = row.get<std::optional<Instant>>(12);
    s.reason = row.get<std::string>(13);
    s.version = row.get<std::int64_t>(14);
    s.csv = row.get<Bytea>(15).bytes;
    s.base_csv = row.get<Bytea>(16).bytes;
    return s;
}

ScheduleWithNames read_with_names(Row const& row) { return {read_schedule(row), row.get<std::string>(17), row.get<std::string>(18)}; }

}  // namespace

awaitable<Result<std::optional<ImportedSchedule>>> FeeScheduleStore::find_schedule(Id<fees::FeeSchedule> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_one, std::move(params))));
    co_return read_first(rows, read_schedule);
}

awaitable<Result<std::optional<ImportedSchedule>>> FeeScheduleStore::schedule_in_force()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_in_force, Params())));
    co_return read_first(rows, read_schedule);
}

awaitable<Result<std::int64_t>> FeeScheduleStore::number_in_force()
{
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(find_number, Params())));
    co_return rows[0].get<std::int64_t>(0);
}

awaitable<Result<std::optional<ScheduleWithNames>>> FeeScheduleStore::look(Id<fees::FeeSchedule> id)
{
    Params params(id);
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(look_at_one, std::move(params))));
    co_return read_first(rows, read_with_names);
}

awaitable<Result<std::vector<ScheduleWithNames>>> FeeScheduleStore::list(std::optional<Uuid> before, int limit)
{
    Params params(before, static_cast<std::int64_t>(limit));
    CHO_CO_TRY(auto const rows, to_result(co_await pool_.read_one(list_all, std::move(params))));
    co_return read_all(rows, read_with_names);
}

void add_fee_schedule_writers(RowWriters& writers)
{
    writers.add<fees::NewSchedule>(insert_schedules, [](auto rows) {
        Params p;
        p.add(column<Uuid>(rows, [](auto const& r) { return r.schedule.id.uuid; }));
        p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.schedule.csv); }));
        p.add(column<Sha256>(rows, [](auto const& r) { return r.schedule.digest; }));
        p.add(column<Bytea>(rows, [](auto const& r) { return Bytea(r.schedule.base_csv); }));
        p.add(column<Sha256>(rows, [](auto const& r) { return r.schedule.base_digest; }));
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.schedule.base_number; }));
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.schedule.rows; }));
        p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.schedule.note); }));
        p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.schedule.state); }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.schedule.proposed_by; }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.schedule.proposed_by_owner; }));
        p.add(column<Instant>(rows, [](auto const& r) { return r.schedule.proposed_at; }));
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.schedule.version; }));
        return p;
    });
    writers.add<fees::DecidedSchedule>(decide_schedules, [](auto rows) {
        Params p;
        p.add(column<Uuid>(rows, [](auto const& r) { return r.schedule.id.uuid; }));
        p.add(column<std::int16_t>(rows, [](auto const& r) { return static_cast<std::int16_t>(r.schedule.state); }));
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.schedule.number; }));
        p.add(column<Uuid>(rows, [](auto const& r) { return r.schedule.decided_by; }));
        p.add(column<std::optional<Instant>>(rows, [](auto const& r) { return r.schedule.decided_at; }));
        p.add(column<std::string_view>(rows, [](auto const& r) { return std::string_view(r.schedule.reason); }));
        p.add(column<std::int64_t>(rows, [](auto const& r) { return r.schedule.version; }));
        return p;
    });
}

}  // namespace cho40::stores
