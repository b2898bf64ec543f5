#include "adapters/api/ledger_key.h"
#include "adapters/api/handler.h"
#include "adapters/http/json_writer.h"
#include "adapters/identity/ledger_key_json.h"
#include <nlohmann/json.hpp>

namespace cho40::api {

void add_ledger_key_route(http::Router& router, identity::LedgerPublicKey const& key)
{
    auto body = http::dump_json(identity::key_json(key));
    router.add(
        http::Method::get, "/.well-known/cho40-ledger-key", "ledger.public_key",
        [body = std::move(body)](http::Request) -> Answering { co_return http::Response::json_text(body).cache("public, max-age=3600"); });
}

}  // namespace cho40::api
