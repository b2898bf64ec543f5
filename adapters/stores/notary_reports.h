#pragma once
#include "adapters/observability/log.h"
#include "adapters/observability/metrics.h"
#include "ledger/notary.h"

namespace cho40::stores {

// What the notary does and what it finds wrong, in the log and in figures.
class NotaryReports final : public ledger::NotaryWatch {
public:
    NotaryReports(observability::Log const& log, observability::Metrics& metrics);

    void on_signed(ledger::SignedHead const& head) override;
    void on_alarm(ledger::HeadAlarm alarm, ledger::BookId book, std::int64_t size) override;

private:
    observability::Log const& log_;
    observability::Counter heads_;
    observability::Counter alarms_;
};

}  // namespace cho40::stores
