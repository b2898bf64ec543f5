#pragma once
#include "adapters/observability/log.h"
#include "adapters/observability/metrics.h"
#include "ledger/between_books.h"

namespace cho40::stores {

// Movements between books that were left lying, in the log and in figures.
class MovementReports final : public ledger::MovementWatch {
public:
    MovementReports(observability::Log const& log, observability::Metrics& metrics);

    void on_ended(ledger::Movement const& movement, ledger::MovementEnd const& end) override;
    void on_put_off(ledger::Movement const& movement, Error const& why) override;

private:
    observability::Log const& log_;
    observability::Counter taken_up_;
    observability::Counter put_off_;
};

}  // namespace cho40::stores
