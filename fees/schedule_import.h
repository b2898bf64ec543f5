#pragma once
#include "base/digest.h"
#include "fees/schedule_difference.h"
#include "fees/tables_in_force.h"
#include "ledger/extra.h"
#include "ledger/ports.h"

namespace cho40::fees {

enum class ScheduleState : std::int16_t { proposed = 1, approved = 2, refused = 3 };
[[nodiscard]] std::string_view schedule_state_name(ScheduleState state);

// A schedule that somebody handed in. Its files never change, and it is decided about once.
struct ImportedSchedule {
    Id<FeeSchedule> id;
    std::string csv;
    std::string base_csv;  // what was in force when it was handed in, and what it is therefore compared with for ever
    Sha256 digest{}, base_digest{};
    std::int64_t base_number = 0;  // TablesInForce::Source::number then
    std::int64_t rows = 0;
    std::string note;      // of the proposer, for the one who decides; may be empty
    ScheduleState state = ScheduleState::proposed;
    std::int64_t number = 0;  // of an approved one: the how-manieth it is
    Uuid proposed_by, proposed_by_owner;  // user or API key; the person behind it
    Instant proposed_at;
    Uuid decided_by;       // nil while nobody has
    std::optional<Instant> decided_at;
    std::string reason;    // of a refusal
    std::int64_t version = 1;
};

struct NewSchedule final : ledger::AttachedRow {
    explicit NewSchedule(ImportedSchedule s) : schedule(std::move(s)) {}
    ImportedSchedule schedule;
};
struct DecidedSchedule final : ledger::AttachedRow {
    explicit DecidedSchedule(ImportedSchedule s) : schedule(std::move(s)) {}
    ImportedSchedule schedule;
};

struct ImportedSchedules {
    virtual ~ImportedSchedules() = default;
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<ImportedSchedule>>> find_schedule(Id<FeeSchedule> id) = 0;
    // The one approved last. Nothing: none was, and the program's own schedule is in force.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::optional<ImportedSchedule>>> schedule_in_force() = 0;
    // Its number, 0 for the program's own: cheap, to be asked often.
    [[nodiscard]] virtual boost::asio::awaitable<Result<std::int64_t>> number_in_force() = 0;
};

// A user or an API key, and the person behind it.
struct ScheduleActor {
    Uuid id, owner;
};

// Schedules as people hand them in and decide about them. One person proposes, another one approves; from then on every
// assessment is made by it, by the days of its rows alone. What was assessed before stays as it is.
class ImportSchedules {
public:
    ImportSchedules(ImportedSchedules& schedules, ledger::Ledger& ledger, Clock const& clock, Random& random)
        : schedules_(schedules), ledger_(ledger), clock_(clock), random_(random)
    {
    }

    // Errors: invalid_csv, invalid_utf8 (every wrong cell in `fields`, with line and column), file_duplicate (nothing in it differs
    // from what is in force).
    [[nodiscard]] boost::asio::awaitable<Result<ImportedSchedule>> propose(std::string csv, std::string note, ScheduleActor by,
                                                                           ledger::Extra<ImportedSchedule> extra);

    // Errors of both: not_found, maker_cannot_check, invalid_state (decided already). Of approve() also: stale, when another
    // schedule was approved since this one was compared with what was in force then; it must be handed in again.
    [[nodiscard]] boost::asio::awaitable<Result<ImportedSchedule>> approve(Id<FeeSchedule> id, ScheduleActor by,
                                                                           ledger::Extra<ImportedSchedule> extra);
    [[nodiscard]] boost::asio::awaitable<Result<ImportedSchedule>> refuse(Id<FeeSchedule> id, ScheduleActor by, std::string reason,
                                                                          ledger::Extra<ImportedSchedule> extra);

private:
    boost::asio::awaitable<Result<ImportedSchedule>> open_for(Id<FeeSchedule> id, ScheduleActor by);
    boost::asio::awaitable<Result<ImportedSchedule>> submit(ImportedSchedule schedule, ledger::Command command,
                                                            ledger::Extra<ImportedSchedule> extra);

    ImportedSchedules& schedules_;
    ledger::Ledger& ledger_;
    Clock const& clock_;
    Random& random_;
};

// Reads the schedule in force into `tables` when it is another than the one there. Errors: those of reading, and invalid_csv when
// this program cannot read what another one took: whoever assesses must not go on by older amounts then.
[[nodiscard]] boost::asio::awaitable<Result<Done>> follow_schedule(ImportedSchedules& schedules, TablesInForce& tables);

// Nothing to do with any book of an agency or market.
inline constexpr ledger::BookId schedule_book{0};

}  // namespace cho40::fees
