#include "fees/schedule_import.h"
#include <array>

namespace cho40::fees {
namespace {

using boost::asio::awaitable;

// Of two schedules that are approved at once only one can be the next.
ledger::Guard next_in_force(std::int64_t number)
{
    return ledger::Guard{make_derived_uuid({"fee schedules in force"}), number, number + 1};
}

auto decided_already(ImportedSchedule const& schedule)
{
    bool const approved = schedule.state == ScheduleState::approved;
    return fail(Error(Errc::invalid_state, std::string("this schedule is ") + (approved ? "approved" : "refused") + " already")
                    .vi(approved ? "Biểu mức thu này đã được duyệt." : "Biểu mức thu này đã bị từ chối."));
}

auto compared_with_another()
{
    return fail(Error(Errc::stale, "another schedule came into force since this one was compared with it: hand it in again")
                    .vi("Trong lúc chờ duyệt đã có biểu mức thu khác có hiệu lực, phần so sánh không còn đúng. Hãy nộp lại tệp."));
}

}  // namespace

std::string_view schedule_state_name(ScheduleState state)
{
    constexpr std::array<std::string_view, 4> names = {"", "proposed", "approved", "refused"};
    return names[static_cast<std::size_t>(state)];
}

awaitable<Result<ImportedSchedule>> ImportSchedules::propose(std::string csv, std::string note, ScheduleActor by,
                                                             ledger::Extra<ImportedSchedule> extra)
{
    CHO_CO_TRY(auto const tables, FeeTables::with_schedule(csv));
    if (tables.rates().empty())
        co_return fail(Error(Errc::invalid_csv, "the file has no rows", "line 1").vi("Tệp không có dòng nào dưới dòng tiêu đề."));
    CHO_CO_TRY(auto const in_force, co_await schedules_.schedule_in_force());
    ImportedSchedule schedule;
    schedule.base_csv = in_force ? in_force->csv : std::string(FeeTables::embedded_schedule());
    schedule.base_number = in_force ? in_force->number : 0;
    CHO_CO_TRY(auto const changes, schedule_difference(schedule.base_csv, csv));
    if (changes.empty()) {
        co_return fail(Error(Errc::file_duplicate, "this schedule says what is in force already; nothing would change")
                           .vi("Biểu này giống hệt biểu đang có hiệu lực, không có gì thay đổi."));
    }
    schedule.rows = static_cast<std::int64_t>(tables.rates().size());
    schedule.csv = std::move(csv);
    schedule.digest = sha256(schedule.csv);
    schedule.base_digest = sha256(schedule.base_csv);
    schedule.note = std::move(note);
    schedule.proposed_by = by.id;
    schedule.proposed_by_owner = by.owner;
    schedule.proposed_at = clock_.now();
    schedule.id = make_id<FeeSchedule>(schedule.proposed_at, random_);
    ledger::Command command(schedule_book);
    command.guards.push_back({schedule.id.uuid, 0, schedule.version});
    command.rows.push_back(std::make_shared<NewSchedule>(schedule));
    co_return co_await submit(std::move(schedule), std::move(command), std::move(extra));
}

awaitable<Result<ImportedSchedule>> ImportSchedules::open_for(Id<FeeSchedule> id, ScheduleActor by)
{
    CHO_CO_TRY(auto found, co_await schedules_.find_schedule(id));
    if (!found) co_return fail(Errc::not_found, "no such schedule");
    if (by.id == found->proposed_by || by.owner == found->proposed_by_owner) {
        co_return fail(Error(Errc::maker_cannot_check, "whoever handed a schedule in cannot decide about it")
                           .vi("Biểu mức thu này do bạn nộp, cần người khác duyệt."));
    }
    if (found->state != ScheduleState::proposed) co_return decided_already(*found);
    found->decided_by = by.id;
    found->decided_at = clock_.now();
    ++found->version;
    co_return *std::move(found);
}

awaitable<Result<ImportedSchedule>> ImportSchedules::approve(Id<FeeSchedule> id, ScheduleActor by, ledger::Extra<ImportedSchedule> extra)
{
    CHO_CO_TRY(auto schedule, co_await open_for(id, by));
    CHO_CO_TRY(auto const number, co_await schedules_.number_in_force());
    if (number != schedule.base_number) co_return compared_with_another();
    CHO_CO_TRY_DO(FeeTables::with_schedule(schedule.csv));
    schedule.state = ScheduleState::approved;
    schedule.number = number + 1;
    ledger::Command command(schedule_book);
    command.guards.push_back(next_in_force(number));
    command.guards.push_back({schedule.id.uuid, schedule.version - 1, schedule.version});
    command.rows.push_back(std::make_shared<DecidedSchedule>(schedule));
    co_return co_await submit(std::move(schedule), std::move(command), std::move(extra));
}

awaitable<Result<ImportedSchedule>> ImportSchedules::refuse(Id<FeeSchedule> id, ScheduleActor by, std::string reason,
                                                            ledger::Extra<ImportedSchedule> extra)
{
    CHO_CO_TRY(auto schedule, co_await open_for(id, by));
    schedule.state = ScheduleState::refused;
    schedule.reason = std::move(reason);
    ledger::Command command(schedule_book);
    command.guards.push_back({schedule.id.uuid, schedule.version - 1, schedule.version});
    command.rows.push_back(std::make_shared<DecidedSchedule>(schedule));
    co_return co_await submit(std::move(schedule), std::move(command), std::move(extra));
}

awaitable<Result<ImportedSchedule>> ImportSchedules::submit(ImportedSchedule schedule, ledger::Command command,
                                                            ledger::Extra<ImportedSchedule> extra)
{
    extra.add_to(command, schedule);
    CHO_CO_TRY_DO(co_await ledger_.submit(std::move(command)));
    co_return schedule;
}

awaitable<Result<Done>> follow_schedule(ImportedSchedules& schedules, TablesInForce& tables)
{
    CHO_CO_TRY(auto const number, co_await schedules.number_in_force());
    if (number <= tables.source().number) co_return Done{};
    CHO_CO_TRY(auto const schedule, co_await schedules.schedule_in_force());
    if (!schedule) co_return Done{};
    CHO_CO_TRY(auto read, FeeTables::with_schedule(schedule->csv));
    tables.put(std::move(read), {schedule->number, schedule->id});
    co_return Done{};
}

}  // namespace cho40::fees
