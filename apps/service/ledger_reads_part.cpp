#include "apps/service/ledger_reads_part.h"

namespace cho40::service {

LedgerReadsPart::LedgerReadsPart(Services& s, stores::WriterMemory memory)
    : reads_(s.database, std::move(memory)), books_(s.database), context_{s.gate, s.cursors, s.hub, s.computing, s.clock, reads_, books_}
{
}

void LedgerReadsPart::add_routes(http::Router& router) { api::add_ledger_read_routes(router, context_); }

// Where the parts of the journal lie is learned with the first question.
boost::asio::awaitable<Result<Done>> LedgerReadsPart::prepare() { co_return Done{}; }

void LedgerReadsPart::start_jobs(observability::JobGroup&) {}

}  // namespace cho40::service
