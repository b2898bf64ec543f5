#include "apps/service/posting_part.h"

namespace cho40::service {

PostingPart::PostingPart(Services& s)
    : books_(s.database), reader_(s.clock), context_{s.gate, s.idempotency, s.audit, s.ledger, s.clock, s.random, books_, reader_}
{
}

void PostingPart::add_routes(http::Router& router)
{
    api::add_ledger_book_routes(router, context_);
    api::add_ledger_transfer_routes(router, context_);
}

}  // namespace cho40::service
