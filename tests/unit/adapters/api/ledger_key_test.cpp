#include "adapters/api/ledger_key.h"
#include "adapters/identity/ledger_key_json.h"
#include "tests/support/run.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::api {
namespace {

TEST(LedgerKeyRoute, TellsEverybodyTheKeyThatHeadsAreCheckedWith)
{
    identity::LedgerKey const key(identity::InstallationKey::parse(std::string(64, 'a')).value());
    http::Router router;
    add_ledger_key_route(router, key.public_key());
    auto const* route = router.find(http::Method::get, "/.well-known/cho40-ledger-key").route;
    ASSERT_NE(route, nullptr);
    auto const response = tests::run(route->handler(http::Request()));
    ASSERT_TRUE(response);
    EXPECT_EQ(response->status, 200);
    EXPECT_EQ(identity::read_public_key(std::get<std::string>(response->body)).value().bytes(), key.public_key().bytes());
}

}  // namespace
}  // namespace cho40::api
