#pragma once
#include "adapters/api/handler.h"
#include "adapters/api/transfer_reader.h"
#include "adapters/identity/gate.h"
#include "adapters/identity/idempotency.h"
#include "adapters/stores/book_store.h"
#include "ledger/ports.h"

namespace cho40::api {

// What the writing routes of the ledger work with. Made once by the service; outlives the server.
struct PostingContext {
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    identity::AuditTrail& audit;
    ledger::Ledger& ledger;
    Clock const& clock;
    Random& random;
    stores::BookStore& books;
    TransferReader& reader;
};

// Who is calling, when they may write to the ledger at all.
[[nodiscard]] boost::asio::awaitable<Result<identity::Principal>> admit_writer(PostingContext& context, http::Request const& request);
// Done for a book of the general kind that is theirs. Errors: not_found (also somebody else's), forbidden (a market's or an
// agency's; one that they may look at only), unavailable.
[[nodiscard]] boost::asio::awaitable<Result<Done>> check_general(PostingContext& context, identity::Principal principal,
                                                                 ledger::BookId book);

// ledger_books.create, ledger_accounts.create, ledger_periods.create.
void add_ledger_book_routes(http::Router& router, PostingContext& context);
// ledger_transfers.create, ledger_transfers.bulk.
void add_ledger_transfer_routes(http::Router& router, PostingContext& context);

}  // namespace cho40::api
