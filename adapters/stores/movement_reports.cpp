#include "adapters/stores/movement_reports.h"

namespace cho40::stores {

MovementReports::MovementReports(observability::Log const& log, observability::Metrics& metrics)
    : log_(log), taken_up_(metrics.counter("cho40_ledger_between_taken_up_total", "Movements between books ended by the writer's rounds.")),
      put_off_(metrics.counter("cho40_ledger_between_put_off_total", "Tries to end a movement between books that have to be made again."))
{
}

void MovementReports::on_ended(ledger::Movement const& movement, ledger::MovementEnd const& end)
{
    taken_up_.add();
    log_.info("ledger.between_taken_up", {{"book", movement.from.value},
                                          {"transfer", movement.id.uuid.to_string()},
                                          {"posted", end.state == ledger::MovementState::posted}});
}

void MovementReports::on_put_off(ledger::Movement const& movement, Error const& why)
{
    put_off_.add();
    log_.warning("ledger.between_put_off", {{"book", movement.from.value},
                                            {"transfer", movement.id.uuid.to_string()},
                                            {"to", movement.to.value},
                                            {"code", errc_name(why.code)},
                                            {"why", why.detail}});
}

}  // namespace cho40::stores
