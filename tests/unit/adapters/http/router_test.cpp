#include "adapters/http/openapi_check.h"
#include "adapters/http/router.h"
#include <gtest/gtest.h>

namespace cho40::http {
namespace {

boost::asio::awaitable<Result<Response>> nothing(Request) { co_return Response::no_content(); }

Router market()
{
    Router router;
    router.add(Method::get, "/", "home", nothing, {.documented = false});
    router.add(Method::get, "/v1/payments", "payments.list", nothing);
    router.add(Method::post, "/v1/payments", "payments.create", nothing);
    router.add(Method::get, "/v1/payments/{payment}", "payments.get", nothing);
    router.add(Method::get, "/v1/payments/summary", "payments.summary", nothing);
    router.add(Method::post, "/v1/payments/{payment}/cancellation", "payments.cancel", nothing);
    router.add(Method::get, "/vendor/{path...}", "vendor", nothing, {.documented = false});
    router.add(Method::get, "/vendor/sw.js", "vendor.worker", nothing, {.documented = false});
    return router;
}

struct Case {
    Method method;
    char const* path;
    char const* operation;  // or null
    std::vector<std::pair<std::string, std::string>> parameters;
};

TEST(Router, FindsTheMostParticularRoute)
{
    Case const cases[] = {
        {Method::get, "/", "home", {}},
        {Method::head, "/", "home", {}},
        {Method::get, "/v1/payments", "payments.list", {}},
        {Method::post, "/v1/payments", "payments.create", {}},
        {Method::get, "/v1/payments/summary", "payments.summary", {}},
        {Method::get, "/v1/payments/pay_1", "payments.get", {{"payment", "pay_1"}}},
        {Method::get, "/v1/payments/a%2Fb", "payments.get", {{"payment", "a/b"}}},
        {Method::post, "/v1/payments/summary/cancellation", "payments.cancel", {{"payment", "summary"}}},
        {Method::get, "/vendor/", "vendor", {{"path", ""}}},
        {Method::get, "/vendor/a/b.js", "vendor", {{"path", "a/b.js"}}},
        {Method::get, "/vendor/sw.js", "vendor.worker", {}},
        {Method::get, "/vendor/sw.js/x", "vendor", {{"path", "sw.js/x"}}},
        {Method::get, "/vendor", nullptr, {}},
        {Method::get, "/v1/payments/", nullptr, {}},
        {Method::get, "/v1/payments/%zz", nullptr, {}},
        {Method::get, "/v1/payments/%00", nullptr, {}},
        {Method::get, "v1/payments", nullptr, {}},
        {Method::get, "", nullptr, {}},
        {Method::get, "//v1/payments", nullptr, {}},
    };
    auto const router = market();
    for (auto const& c : cases) {
        auto const found = router.find(c.method, c.path);
        ASSERT_EQ(found.route != nullptr, c.operation != nullptr) << c.path;
        if (!c.operation) {
            EXPECT_TRUE(found.allowed.empty()) << c.path;
            continue;
        }
        EXPECT_EQ(found.route->operation_id, c.operation) << c.path;
        ASSERT_EQ(found.path_parameters.size(), c.parameters.size()) << c.path;
        for (std::size_t i = 0; i < c.parameters.size(); ++i) {
            EXPECT_EQ(found.path_parameters[i].name, c.parameters[i].first);
            EXPECT_EQ(found.path_parameters[i].value, c.parameters[i].second);
        }
    }
}

TEST(Router, NamesTheMethodsOfAKnownPath)
{
    auto const found = market().find(Method::delete_, "/v1/payments");
    EXPECT_EQ(found.route, nullptr);
    EXPECT_EQ(found.allowed, (std::vector<std::string_view>{"GET", "HEAD", "POST", "OPTIONS"}));
}

TEST(RouterDeathTest, MistakesInTheTableStopTheStart)
{
    EXPECT_DEATH(
        {
            auto r = market();
            r.add(Method::get, "/v1/payments", "other", nothing);
        },
        "");
    EXPECT_DEATH(
        {
            auto r = market();
            r.add(Method::get, "/other", "payments.get", nothing);
        },
        "");
    EXPECT_DEATH(
        {
            auto r = market();
            r.add(Method::get, "other", "other", nothing);
        },
        "");
    EXPECT_DEATH(
        {
            auto r = market();
            r.add(Method::get, "/{a...}/b", "other", nothing);
        },
        "");
    EXPECT_DEATH(
        {
            auto r = market();
            r.add(Method::get, "/{A}", "other", nothing);
        },
        "");
}

TEST(OpenApi, AgreesOnlyWithExactlyTheSameOperations)
{
    std::string const same = R"({"openapi": "3.1.0", "paths": {
        "/v1/payments": {"summary": "s", "get": {"operationId": "payments.list"}, "post": {"operationId": "payments.create"}},
        "/v1/payments/{payment}": {"parameters": [], "get": {"operationId": "payments.get"}},
        "/v1/payments/summary": {"get": {"operationId": "payments.summary"}},
        "/v1/payments/{payment}/cancellation": {"post": {"operationId": "payments.cancel"}}}})";
    auto const replaced = [&](std::string const& from, std::string const& to) {
        auto text = same;
        text.replace(text.find(from), from.size(), to);
        return text;
    };
    auto const router = market();
    auto const agreed = check_openapi(router, same);
    EXPECT_TRUE(agreed) << agreed.error().detail;

    struct Difference {
        std::string document;
        std::string said;
    };
    Difference const differences[] = {
        {replaced("payments.get", "payments.read"), "served as payments.get but documented as payments.read"},
        {replaced("{payment}\"", "{id}\""), "GET /v1/payments/{payment} (payments.get) is served but not documented"},
        {replaced("{payment}\"", "{id}\""), "GET /v1/payments/{id} (payments.get) is documented but not served"},
        {replaced("\"post\": {\"operationId\": \"payments.create\"}", "\"put\": {\"operationId\": \"payments.put\"}"),
         "PUT /v1/payments (payments.put) is documented but not served"},
        {replaced("\"operationId\": \"payments.summary\"", "\"x\": 1"), "GET /v1/payments/summary has no operationId"},
        {"{}", "not an OpenAPI 3.1 document"},
        {"[", "openapi.json"},
        {replaced("3.1.0", "3.0.3"), "not an OpenAPI 3.1 document"},
    };
    for (auto const& d : differences) {
        auto const checked = check_openapi(router, d.document);
        ASSERT_FALSE(checked) << d.said;
        EXPECT_NE(checked.error().detail.find(d.said), std::string::npos) << checked.error().detail;
    }
}

}  // namespace
}  // namespace cho40::http
