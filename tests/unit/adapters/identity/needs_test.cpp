#include "adapters/identity/needs.h"
#include "tests/support/source_tree.h"
#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace cho40::identity::tests {
namespace {

std::map<std::string, nlohmann::json> operations()
{
    std::ifstream file(cho40::tests::source_tree() / "adapters/api/openapi.json");
    auto const document = nlohmann::json::parse(file);
    std::map<std::string, nlohmann::json> found;
    for (auto const& [path, methods] : document.at("paths").items()) {
        for (auto const& [method, operation] : methods.items()) {
            if (operation.is_object() && operation.contains("operationId"))
                found[operation.at("operationId").get<std::string>()] = operation;
        }
    }
    return found;
}

TEST(Needs, EveryOperationHasExactlyOneRow)
{
    std::multiset<std::string> rows;
    for (auto const& need : all_needs()) rows.emplace(need.operation_id);
    for (auto const& [id, operation] : operations())
        EXPECT_EQ(rows.count(id), 1U) << id << " has no row of its own in adapters/identity/needs.cpp";
    EXPECT_EQ(rows.size(), operations().size()) << "a row for an operation that does not exist";
}

TEST(Needs, TheDocumentSaysTheSame)
{
    for (auto const& [id, operation] : operations()) {
        auto const* need = need_of(id);
        ASSERT_NE(need, nullptr) << id;
        auto const scopes = operation.value("x-scopes", std::vector<std::string>());
        bool const sessions = operation.contains("security") &&
                              std::ranges::any_of(operation.at("security"), [](auto const& s) { return s.contains("session"); });
        EXPECT_EQ(need->access != Access::open, sessions) << id;
        // A role without a scope is for people only: no key may do it.
        if (need->access == Access::role && !need->scope.empty())
            EXPECT_EQ(scopes, std::vector<std::string>{std::string(need->scope)}) << id;
        else EXPECT_TRUE(scopes.empty()) << id;
    }
}

TEST(Needs, RowsMakeSense)
{
    for (auto const& need : all_needs()) {
        EXPECT_EQ(need.access == Access::role, !need.roles.empty()) << need.operation_id;
        EXPECT_TRUE(need.access == Access::role || need.scope.empty()) << need.operation_id;
    }
    EXPECT_EQ(need_of("payments.destroy"), nullptr);
    EXPECT_EQ(need_of(""), nullptr);
}

TEST(Needs, WhoHandlesMoneyIsNotWhoRunsThePlatform)
{
    for (auto const* id : {"payments.create", "payments.cancel", "payments.waive_shortage", "cash_sales.create", "fee_notices.create"}) {
        EXPECT_FALSE(need_of(id)->roles.has(Role::operator_)) << id;
        EXPECT_FALSE(need_of(id)->roles.has(Role::tax_officer)) << id;
    }
}

}  // namespace
}  // namespace cho40::identity::tests
