#pragma once
#include "adapters/postgres/pool.h"
#include "adapters/stores/row_writers.h"
#include "fees/schedule_import.h"

namespace cho40::stores {

// A schedule with the names of those who handed it in and decided about it, as they are called today.
struct ScheduleWithNames {
    fees::ImportedSchedule schedule;
    std::string proposer, decider;  // empty where nobody has decided
};

// Fee schedules that people handed in.
class FeeScheduleStore final : public fees::ImportedSchedules {
public:
    explicit FeeScheduleStore(postgres::Pool& pool) : pool_(pool) {}

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::ImportedSchedule>>> find_schedule(Id<fees::FeeSchedule> id) override;
    [[nodiscard]] boost::asio::awaitable<Result<std::optional<fees::ImportedSchedule>>> schedule_in_force() override;
    [[nodiscard]] boost::asio::awaitable<Result<std::int64_t>> number_in_force() override;

    [[nodiscard]] boost::asio::awaitable<Result<std::optional<ScheduleWithNames>>> look(Id<fees::FeeSchedule> id);
    // Newest first, without their files; those older than `before`.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<ScheduleWithNames>>> list(std::optional<Uuid> before, int limit);

private:
    postgres::Pool& pool_;
};

void add_fee_schedule_writers(RowWriters& writers);

}  // namespace cho40::stores
