#include "base/digest.h"
#include "tests/unit/apps/sandbox/rig.h"

namespace cho40::sandbox::tests_ {
namespace {

json const result{{"dossier_code", "H49.01.02-261122-0001"}, {"notice_code", "FN2026110001"}, {"amount", 8000},
                  {"paid_at", "2026-11-22T10:15:30+07:00"},  {"receipts", {"AA-26/0000001"}}, {"partner", "CHO40"}};

// Written out once, so that both sides cannot be wrong together.
std::string checksum(std::string const& secret)
{
    return to_hex(sha256("H49.01.02-261122-0001|FN2026110001|8000|2026-11-22T10:15:30+07:00|" + secret));
}

TEST(SandboxPortal, WritesDownAPaidFeeOnce)
{
    Rig rig;
    ASSERT_EQ(rig.post("/setup/portal", {{"secret", "s3"}}).status, 200);
    for (int i = 0; i < 2; ++i) {
        auto const answer = rig.post("/portal/payment-results", result, {{"X-Checksum", checksum("s3")}});
        EXPECT_EQ(answer.status, 200) << answer.text;
        EXPECT_EQ(answer.body(), json({{"ok", true}}));
    }
    auto const list = rig.get("/portal/payment-results").body()["payment_results"];
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0]["amount"], 8000);
    EXPECT_EQ(list[0]["receipts"], result["receipts"]);
    EXPECT_EQ(list[0]["times"], 2);
}

TEST(SandboxPortal, BelievesNoWrongChecksum)
{
    Rig rig;
    rig.post("/setup/portal", {{"secret", "s3"}});
    EXPECT_EQ(rig.post("/portal/payment-results", result, {{"X-Checksum", checksum("s4")}}).status, 401);
    EXPECT_EQ(rig.post("/portal/payment-results", result).status, 401);
    auto other = result;
    other["amount"] = 8001;
    EXPECT_EQ(rig.post("/portal/payment-results", other, {{"X-Checksum", checksum("s3")}}).status, 401);
    EXPECT_TRUE(rig.get("/portal/payment-results").body()["payment_results"].empty());
    EXPECT_EQ(rig.call(http::Method::post, "/portal/payment-results", "[]").body()["code"], "wrong_type");
}

TEST(SandboxPortal, FailsTwiceAndThenTakesIt)
{
    Rig rig;
    rig.post("/setup/portal", {{"secret", "s3"}, {"scenario", "fail_twice"}});
    std::vector<int> statuses;
    for (int i = 0; i < 3; ++i) statuses.push_back(rig.post("/portal/payment-results", result, {{"X-Checksum", checksum("s3")}}).status);
    EXPECT_EQ(statuses, (std::vector<int>{503, 503, 200}));
}

TEST(SandboxPortal, CanTakeAResultAndSayNothing)
{
    Rig rig;
    rig.post("/setup/portal", {{"secret", "s3"}, {"scenario", "silent"}});
    EXPECT_EQ(rig.post("/portal/payment-results", result, {{"X-Checksum", checksum("s3")}}).status, 0);
    EXPECT_EQ(rig.get("/portal/payment-results").body()["payment_results"].size(), 1u);
    EXPECT_EQ(rig.post("/setup/portal", {{"secret", "s3"}, {"scenario", "rude"}}).body()["code"], "unknown_value");
}

}  // namespace
}  // namespace cho40::sandbox::tests_
