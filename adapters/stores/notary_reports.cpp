#include "adapters/stores/notary_reports.h"

namespace cho40::stores {

NotaryReports::NotaryReports(observability::Log const& log, observability::Metrics& metrics)
    : log_(log), heads_(metrics.counter("cho40_ledger_heads_total", "Signed heads written.")),
      alarms_(metrics.counter("cho40_ledger_head_alarms_total", "Books whose heads and rows do not agree."))
{
}

void NotaryReports::on_signed(ledger::SignedHead const&) { heads_.add(); }

void NotaryReports::on_alarm(ledger::HeadAlarm alarm, ledger::BookId book, std::int64_t size)
{
    alarms_.add();
    log_.error("ledger.head_alarm", {{"alarm", head_alarm_name(alarm)}, {"book", book.value}, {"size", size}});
}

}  // namespace cho40::stores
