#pragma once
#include "adapters/api/context.h"
#include "adapters/api/proof_file.h"
#include "adapters/api/rail_accounts.h"
#include "adapters/http/json_reader.h"
#include "adapters/stores/fees_store.h"
#include "adapters/stores/refunds_store.h"
#include "fees/create_notice.h"
#include "fees/pay_notice.h"
#include "fees/register_agency.h"

namespace cho40::api {

struct NationalDesk;

// What the routes about fees and the public pages work with. Made once by the service; outlives the server.
struct FeeContext {
    identity::Gate& gate;
    identity::Idempotency& idempotency;
    http::Cursors const& cursors;
    Clock const& clock;
    Random& random;
    observability::Log const& log;
    EventHub& hub;
    stores::EventStore& events;
    stores::MerchantsStore& merchants;
    stores::FeesStore& store;
    stores::RefundsStore& refunds;
    fees::TablesInForce const& tables;
    fees::Agencies const& known_agencies;
    fees::RegisterAgency& register_agency;
    fees::CreateNotice& create_notice;
    fees::StartPaying& start_paying;
    fees::ExtendPaying& extend_paying;
    ProofDesk const& proofs;
    std::string public_url;  // without a slash at its end
    bool somebody_is_told = false;
    NationalDesk const* national = nullptr;  // set before the first request
    bool demo = false;  // the public pages say that their money is not real
    bool signs_receipts = false;  // a certificate is configured: receipts can be had as signed files
};

void add_agency_routes(http::Router& router, FeeContext& context);      // agencies.create
void add_fee_item_routes(http::Router& router, FeeContext& context);    // fee_items.list, fee_assessments.preview, fee_quotes.preview
void add_fee_notice_routes(http::Router& router, FeeContext& context);  // fee_notices.create, list, read
void add_pay_routes(http::Router& router, FeeContext& context);         // pay.state, pay.stream

// The book of agency "agc_…", for rail accounts.
[[nodiscard]] FindPlace find_agency_book(stores::FeesStore& store);

// What the lines of a request name, shared by preview and notice. Errors are noted in the reader.
[[nodiscard]] fees::LinesOrder read_lines_order(http::ObjectReader& in, fees::FeeTables const& tables);

// A notice found by what a citizen typed. Error: not_found, whatever is wrong with the code.
[[nodiscard]] boost::asio::awaitable<Result<fees::NoticeWithAgency>> notice_with_code(FeeContext& context, std::string typed);
// The newest payment request of a notice.
[[nodiscard]] boost::asio::awaitable<Result<std::optional<qr_pay::StoredRequest>>> newest_request(FeeContext& context,
                                                                                                  fees::StoredNotice stored);

}  // namespace cho40::api
