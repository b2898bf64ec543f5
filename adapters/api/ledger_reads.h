#pragma once
#include "adapters/api/event_hub.h"
#include "adapters/api/handler.h"
#include "adapters/http/cursor.h"
#include "adapters/identity/gate.h"
#include "adapters/stores/book_owners.h"
#include "ledger/reader.h"
#include <boost/asio/thread_pool.hpp>

namespace cho40::api {

// What the routes that read the ledger work with. Made once by the service; outlives the server.
struct LedgerReadsContext {
    identity::Gate& gate;
    http::Cursors const& cursors;
    EventHub& hub;
    boost::asio::thread_pool& computing;  // papers are drawn there
    Clock const& clock;
    ledger::LedgerReader& ledger;
    stores::BookOwners& books;
};

struct AdmittedReader {
    identity::Principal principal;
    stores::BookOwner book;
};

// Who asks, if they may read the book in the path. Errors: those of the gate, not_found.
[[nodiscard]] boost::asio::awaitable<Result<AdmittedReader>> admit_reader(LedgerReadsContext& context, http::Request const& request);
// {number} of the path. Error: validation_failed.
[[nodiscard]] Result<ledger::AccountNumber> account_in_path(http::Request const& request);
// What was asked of the account in the path: when it is not in the book, there is nothing at this address.
template <class T>
[[nodiscard]] Result<T> at_address(Result<T> answer)
{
    if (!answer && answer.error().code == Errc::account_unknown) answer.error().code = Errc::not_found;
    return answer;
}
// An instant in the query. Error: validation_failed.
[[nodiscard]] Result<std::optional<Instant>> instant_in_query(http::Request const& request, std::string_view name);
// recorded (also when it is left out) or event.
[[nodiscard]] Result<ledger::TimeAxis> axis_in_query(http::Request const& request);
// `by` says which time is meant, so it says nothing where none is named. Error: validation_failed.
[[nodiscard]] Result<Done> needs_time(http::Request const& request, bool named, std::string_view name);
// The seq, or whatever number a list goes by, behind which a page begins, if it is not the first.
[[nodiscard]] Result<std::optional<std::int64_t>> number_in_cursor(LedgerReadsContext& context, http::Request const& request);
[[nodiscard]] Error wrong_query(std::string_view name, Errc code, std::string detail, std::string detail_vi);

[[nodiscard]] Answering list_ledger_books(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering read_ledger_book(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering list_ledger_accounts(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering read_ledger_account(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering list_ledger_entries(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering read_ledger_statement(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering list_ledger_transfers(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering read_ledger_transfer(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering list_ledger_holds(LedgerReadsContext& context, http::Request request);
[[nodiscard]] Answering read_ledger_journal(LedgerReadsContext& context, http::Request request);

void add_ledger_read_routes(http::Router& router, LedgerReadsContext& context);

}  // namespace cho40::api
