#include "adapters/api/refund_access.h"
#include "adapters/api/ids.h"
#include "adapters/http/json_reader.h"
#include "adapters/http/json_writer.h"
#include "adapters/rails/vietqr_refund.h"
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

using http::Request;
using http::Response;
using nlohmann::json;

Answering set_access(Context& context, RailDirectory& directory, identity::InstallationKey const& key, ledger::Ledger& ledger,
                     Request request)
{
    CHO_CO_TRY(auto principal, co_await context.gate.admit(request));
    CHO_CO_TRY(auto id, http::parse_id<qr_pay::RailAccountTag>(request.path_value("account")));
    CHO_CO_TRY(auto body, http::JsonBody::parse(request));
    auto in = body.root();
    auto user = in.text("user", {1, 128});
    Secret password(in.text("password", {1, 256}));
    Secret checksum_key(in.text("key", {1, 256}));
    CHO_CO_TRY_DO(body.finish());
    CHO_CO_TRY(auto entry, co_await directory.find("vietqr", id));
    rails::vietqr::RefundCredentials const credentials(std::move(user), std::move(password), std::move(checksum_key));
    auto sealed = identity::seal(key, refund_access_seal, rails::vietqr::to_text(credentials), context.random);
    auto const book = entry->account.book;
    auto const now = context.clock.now();
    identity::Idempotency::Work work = [&ledger, book, id, sealed, now](identity::Ticket ticket) -> Answering {
        ledger::Command command(book);
        command.guards.push_back(ticket.guard());
        command.rows.push_back(std::make_shared<stores::RefundAccess>(book, id, sealed, now));
        json const view = {{"rail_account", http::to_text(id)}, {"object", "refund_access"}, {"updated_at", http::instant_json(now)}};
        identity::Answer answer(200, http::dump_json(view), identity::AuditTarget{"rla", id.uuid});
        auto rows = ticket.rows(std::move(answer));
        command.rows.insert(command.rows.end(), rows.begin(), rows.end());
        CHO_CO_TRY_DO(co_await ledger.submit(std::move(command)));
        co_return ticket.response();
    };
    co_return co_await context.idempotency.run(std::move(request), std::move(principal), book, std::move(work));
}

}  // namespace

void add_refund_access_route(http::Router& router, Context& context, RailDirectory& directory, identity::InstallationKey const& key,
                             ledger::Ledger& ledger)
{
    router.add(
        http::Method::post, "/v1/rail-accounts/{account}/refund-access", "rail_accounts.refund_access",
        [&context, &directory, &key, &ledger](Request request) { return set_access(context, directory, key, ledger, std::move(request)); });
}

}  // namespace cho40::api
