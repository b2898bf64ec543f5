#include "apps/service/reconcile_part.h"
#include "adapters/api/recon_breaks.h"
#include "adapters/api/recon_closing.h"

namespace cho40::service {

ReconcilePart::ReconcilePart(Services& s)
    : store_(s.database), breaks_(s.database), closings_(s.database), context_{s.gate,
                                                                               s.idempotency,
                                                                               s.audit,
                                                                               s.cursors,
                                                                               s.ledger,
                                                                               s.computing,
                                                                               s.clock,
                                                                               s.random,
                                                                               s.log,
                                                                               s.metrics,
                                                                               store_,
                                                                               breaks_,
                                                                               Dong(s.config.reconcile.approval_limit),
                                                                               {Dong(s.config.reconcile.write_off_limit)},
                                                                               closings_,
                                                                               s.signer}
{
}

void ReconcilePart::add_routes(http::Router& router)
{
    api::add_recon_routes(router, context_);
    api::add_recon_break_routes(router, context_);
    api::add_recon_break_bulk_routes(router, context_);
    api::add_recon_closing_routes(router, context_);
    api::add_recon_drill_routes(router, context_);
    api::add_recon_report_routes(router, context_);
}

// Nothing is kept in memory: files and runs are read when they are asked for.
boost::asio::awaitable<Result<Done>> ReconcilePart::prepare() { co_return Done{}; }

// Runs are started by people and by machines over HTTP.
void ReconcilePart::start_jobs(observability::JobGroup&) {}

}  // namespace cho40::service
