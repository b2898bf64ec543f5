#include "base/digest.h"
#include "base/text.h"
#include "qr-pay/vietqr.h"
#include "tests/unit/apps/sandbox/rig.h"
#include <set>

namespace cho40::sandbox::tests_ {
namespace {

// Looks like an order code; its check character does not matter here.
constexpr char const* order_code = "CQ2345678";

json order(std::int64_t amount, json more = json::object())
{
    json out{
        {"bank_bin", "970436"}, {"account_number", "0141000456789"}, {"amount", amount}, {"memo", std::string(order_code) + " ca thu"}};
    out.update(more);
    return out;
}

TEST(SandboxPayments, AreToldOnBothRailsSignedAsEachProviderSigns)
{
    Rig rig;
    rig.set_up();
    qr_pay::QrRequest qr("970436", "0141000456789");
    qr.amount = Dong(45'000);
    qr.memo = "CQ234567 rau muong";
    auto const answer = rig.post("/bank/payments", {{"payload", *qr_pay::encode(qr)}, {"wrapper", "vietcombank"}});
    ASSERT_EQ(answer.status, 201) << answer.text;
    auto const body = answer.body();
    EXPECT_EQ(body["amount"], 45'000);
    ASSERT_EQ(body["notifications"].size(), 2u);
    EXPECT_EQ(body["notifications"][0]["rail_account"], payos_id);
    EXPECT_EQ(body["notifications"][0]["status"], 200);
    EXPECT_EQ(body["notifications"][1]["status"], 200);
    EXPECT_TRUE(rig.service.refusals.empty());
    ASSERT_EQ(rig.service.credits.size(), 2u);
    for (auto const& credit : rig.service.credits) {
        EXPECT_EQ(credit.amount, Dong(45'000));
        EXPECT_EQ(body["bank_reference"], json(credit.bank_reference));
        EXPECT_EQ(credit.account_number, "0141000456789");
        EXPECT_TRUE(credit.memo.starts_with("MBVCB.")) << credit.memo;
        EXPECT_NE(credit.memo.find(".CQ234567 rau muong.CT tu "), std::string::npos) << credit.memo;
    }
    EXPECT_EQ(rig.service.credits[0].rail, "payos");
    EXPECT_EQ(rig.service.credits[1].rail, "vietqr");
}

struct MagicRow {
    std::int64_t amount;
    char const* outcome;               // in the end
    std::vector<std::int64_t> told;    // amounts, on each of the two rails
};

class MagicAmount : public testing::TestWithParam<MagicRow> {};

TEST_P(MagicAmount, DoesWhatTheTableSays)
{
    auto const& row = GetParam();
    Rig rig;
    rig.set_up();
    auto const answer = rig.post("/bank/payments", order(row.amount, {{"expires_at", "2020-01-01T00:00:00Z"}}));
    ASSERT_EQ(answer.status, 201) << answer.text;
    auto const path = "/bank/payments/" + answer.body()["payment"].dump();
    EXPECT_TRUE(rig.eventually([&] { return rig.service.credits.size() >= 2 * row.told.size(); })) << rig.service.credits.size();
    auto const state = rig.ask_until(path, [](json const& body) { return body["outcome"] != "in_doubt"; }).body();
    EXPECT_EQ(state["outcome"], row.outcome);
    std::vector<std::int64_t> heard;
    for (auto const& credit : rig.service.credits) {
        if (credit.rail == "payos") heard.push_back(credit.amount.count());
        EXPECT_EQ(squeeze(credit.memo).find(order_code) != std::string::npos, row.amount != 20007) << credit.memo;
    }
    EXPECT_EQ(heard, row.told);
    EXPECT_EQ(rig.service.credits.size(), 2 * row.told.size());
}

INSTANTIATE_TEST_SUITE_P(Table, MagicAmount,
                         testing::Values(MagicRow{20000, "paid", {20000}}, MagicRow{20001, "paid", {20001}},
                                         MagicRow{20002, "not_paid", {}}, MagicRow{20003, "paid", {10001}},
                                         MagicRow{20004, "paid", {21004}}, MagicRow{20005, "paid", {20005}},
                                         MagicRow{20006, "paid", {20006, 20006}}, MagicRow{20007, "paid", {20007}},
                                         MagicRow{20008, "paid", {20008}}, MagicRow{20009, "failed", {}}, MagicRow{20010, "paid", {20010}},
                                         MagicRow{20011, "paid", {20011}}, MagicRow{20012, "paid", {20012, 20012, 20012}}),
                         [](auto const& row) { return "of" + std::to_string(row.param.amount); });

TEST(SandboxPayments, PaidTwiceIsTwoTransfersAndToldThriceIsOne)
{
    for (auto const& [amount, references] :
         {std::pair<std::int64_t, std::size_t>(20006, 2), std::pair<std::int64_t, std::size_t>(20012, 1)}) {
        Rig rig;
        rig.set_up();
        ASSERT_EQ(rig.post("/bank/payments", order(amount)).status, 201);
        std::set<std::string> heard;
        for (auto const& credit : rig.service.credits) heard.insert(credit.bank_reference);
        EXPECT_EQ(heard.size(), references) << amount;
    }
}

TEST(SandboxPayments, AScenarioByNameGoesBeforeTheAmount)
{
    Rig rig;
    rig.set_up();
    EXPECT_EQ(rig.post("/bank/payments", order(20002, {{"scenario", "plain"}})).body()["outcome"], "paid");
    EXPECT_EQ(rig.post("/bank/payments", order(50'000, {{"scenario", "half"}})).body()["amount"], 25'000);
}

TEST(SandboxPayments, ATokenIsAskedForOnceAndKept)
{
    Rig rig;
    rig.set_up();
    for (int i = 0; i < 5; ++i) ASSERT_EQ(rig.post("/bank/payments", order(30'000, {{"rails", {vietqr_id}}})).status, 201);
    EXPECT_EQ(rig.service.tokens, 1);
    EXPECT_EQ(rig.service.credits.size(), 5u);
}

TEST(SandboxPayments, ARefusedNotificationIsTriedAgainAndA401FetchesANewToken)
{
    Rig rig;
    rig.set_up();
    rig.service.answers = {503, 401, 500};
    auto const answer = rig.post("/bank/payments", order(30'000, {{"rails", {vietqr_id}}}));
    EXPECT_EQ(answer.body()["notifications"][0]["status"], 503);
    EXPECT_TRUE(rig.eventually([&] { return rig.service.credits.size() == 1; }));
    EXPECT_EQ(rig.service.tokens, 2);
    auto const log = rig.get("/log?about=" + answer.body()["bank_reference"].get<std::string>()).body()["calls"];
    ASSERT_EQ(log.size(), 4u);
    EXPECT_EQ(log[0]["status"], 200);  // newest first
    EXPECT_EQ(log[0]["attempt"], 4);
    EXPECT_EQ(log[3]["status"], 503);
}

TEST(SandboxPayments, RepeatTellsTheSameThingAgain)
{
    Rig rig;
    rig.set_up();
    auto const body = rig.post("/bank/payments", order(30'000, {{"repeat", 5}})).body();
    EXPECT_EQ(body["notifications"].size(), 10u);
    EXPECT_EQ(rig.service.credits.size(), 10u);
    for (auto const& credit : rig.service.credits) EXPECT_EQ(body["bank_reference"], json(credit.bank_reference));
}

TEST(SandboxPayments, WhoDoesNotWaitIsAnsweredAtOnceAndTheRailsHearAllTheSame)
{
    Rig rig;
    rig.set_up();
    auto const answer = rig.post("/bank/payments", order(30'000, {{"wait", false}}));
    EXPECT_EQ(answer.status, 201);
    EXPECT_EQ(answer.body()["notifications"].size(), 0u);
    EXPECT_TRUE(rig.eventually([&] { return rig.service.credits.size() == 2; }));
}

TEST(SandboxPayments, MoneyBackIsToldAsMoneyOutAndTheMagicOneFails)
{
    Rig rig;
    rig.set_up();
    auto const paid = rig.post("/bank/payments", order(30'000)).body();
    auto const back = rig.post("/bank/refunds", {{"bank_reference", paid["bank_reference"]}, {"amount", 10'000}});
    ASSERT_EQ(back.status, 201) << back.text;
    ASSERT_EQ(rig.service.credits.size(), 3u);  // payOS tells of no money going out
    EXPECT_EQ(rig.service.credits.back().direction, qr_pay::Direction::out);
    EXPECT_EQ(rig.post("/bank/refunds", {{"bank_reference", paid["bank_reference"]}, {"amount", 20'001}}).status, 409);

    auto const magic = rig.post("/bank/payments", order(20010)).body();
    auto const accepted = rig.post("/bank/refunds", {{"bank_reference", magic["bank_reference"]}}).body();
    EXPECT_EQ(accepted["outcome"], "accepted");
    auto const state = rig.ask_until("/bank/payments/" + accepted["payment"].dump(),
                                     [](json const& body) { return body["outcome"] != "accepted"; })
                           .body();
    EXPECT_EQ(state["outcome"], "failed");
    EXPECT_EQ(rig.service.credits.size(), 5u);
}

TEST(SandboxPayments, WhatIsSentToAVirtualAccountComesToItsAccount)
{
    Rig rig;
    json account{{"bank_bin", "970436"}, {"account_number", "2141000456789"}, {"holder_name", "Bà Thế"}, {"rail_accounts", {"rla_sepay"}}};
    rig.connect({"sepay", "casso", "payos", "vietqr"});
    account["rail_accounts"] = {"rla_sepay", "rla_casso", "rla_payos", "rla_vietqr"};
    account["virtual_accounts"] = {"96240001", "96240002"};
    ASSERT_EQ(rig.post("/setup/receiving-accounts", account).status, 200);
    auto const paid = rig.post("/bank/payments", {{"bank_bin", "970436"}, {"account_number", "96240002"}, {"amount", 30'000}}).body();
    ASSERT_EQ(rig.service.credits.size(), 4u);
    for (auto const& credit : rig.service.credits) {
        EXPECT_EQ(credit.account_number, "2141000456789") << credit.rail;
        EXPECT_EQ(credit.virtual_account, credit.rail == "vietqr" ? "" : "96240002") << credit.rail;
    }
    auto const key = to_hex(sha256("api-key/" + secret_of("sepay"))).substr(0, 32);
    auto const list = rig.call(http::Method::get, "/userapi/transactions/list", "", {{"Authorization", "Bearer " + key}}).body();
    EXPECT_EQ(list["transactions"][0]["sub_account"], "96240002");

    json other{{"bank_bin", "970436"}, {"account_number", "96240001"}, {"holder_name", "Ông Nam"}, {"rail_accounts", json::array()}};
    EXPECT_EQ(rig.post("/setup/receiving-accounts", other).status, 422) << "a number cannot be two accounts";
    other["account_number"] = "3141000456789";
    other["virtual_accounts"] = {"96240002"};
    EXPECT_EQ(rig.post("/setup/receiving-accounts", other).status, 422);
    account["virtual_accounts"] = {"96240001"};  // given back
    EXPECT_EQ(rig.post("/setup/receiving-accounts", account).status, 200);
    EXPECT_EQ(rig.post("/setup/receiving-accounts", other).status, 200);
}

TEST(SandboxPayments, WrongOrdersAreRefusedWithAStableCode)
{
    Rig rig;
    rig.set_up();
    struct Row {
        json body;
        int status;
        char const* code;
    };
    for (auto const& row : {Row{{{"payload", "00020101021138"}}, 422, "qr_invalid"},
                            Row{{{"bank_bin", "970436"}, {"account_number", "999"}, {"amount", 1000}}, 422, "unknown_receiving_account"},
                            Row{order(30'000, {{"wrapper", "parcel"}}), 422, "unknown_value"},
                            Row{order(30'000, {{"scenario", "miracle"}}), 422, "unknown_value"}, Row{order(-1), 422, "validation_failed"},
                            Row{order(30'000, {{"colour", "red"}}), 422, "unknown_field"},
                            Row{order(30'000, {{"rails", {"rla_other"}}}), 422, "invalid_input"}}) {
        auto const answer = rig.post("/bank/payments", row.body);
        EXPECT_EQ(answer.body()["code"], row.code) << row.body;
        EXPECT_GE(answer.status, 400) << row.body;
        EXPECT_LT(answer.status, 500) << row.body;
    }
    EXPECT_EQ(rig.call(http::Method::post, "/bank/payments", "{").body()["code"], "invalid_json");
    EXPECT_TRUE(rig.service.credits.empty());
}

TEST(SandboxPayments, FaultsComeWhereTheyAreAskedFor)
{
    Rig rig;
    rig.set_up();
    EXPECT_EQ(rig.post("/bank/payments", order(30'000), {{"Test-Fault", "error=503"}}).status, 503);
    EXPECT_TRUE(rig.service.credits.empty());
    EXPECT_EQ(rig.post("/bank/payments", order(30'000), {{"Test-Fault", "drop=before_commit"}}).status, 0);
    EXPECT_TRUE(rig.service.credits.empty());
    EXPECT_EQ(rig.post("/bank/payments", order(30'000), {{"Test-Fault", "latency=1ms;drop=after_commit"}}).status, 0);
    EXPECT_EQ(rig.service.credits.size(), 2u);
    EXPECT_EQ(rig.post("/bank/payments", order(30'000), {{"Test-Fault", "earthquake"}}).body()["code"], "invalid_input");
}

TEST(SandboxPayments, ResetForgetsEverything)
{
    Rig rig;
    rig.set_up();
    auto const first = rig.post("/bank/payments", order(30'000)).body();
    EXPECT_EQ(rig.post("/setup/reset", json::object()).status, 204);
    EXPECT_EQ(rig.post("/bank/payments", order(30'000)).body()["code"], "unknown_receiving_account");
    rig.set_up();
    EXPECT_EQ(rig.post("/bank/payments", order(30'000)).body()["payment"], first["payment"]);
    EXPECT_EQ(rig.get("/healthz").status, 200);
}

// Statement and daily file through the same door, for a provider that settles the next day.
TEST(SandboxPayments, YesterdayCanBeBookedAndItsFilesFetched)
{
    Rig rig;
    rig.set_up("provider");
    ASSERT_EQ(rig.post("/setup/clock", {{"now", "2026-11-22T03:00:00Z"}}).status, 200);
    ASSERT_EQ(rig.post("/bank/payments", order(30'000)).status, 201);
    auto const file = rig.get(std::string("/providers/daily-file?date=2026-11-22&rail_account=") + vietqr_id);
    EXPECT_EQ(file.status, 200);
    EXPECT_NE(file.text.find("30000"), std::string::npos) << file.text;
    auto const statement = rig.get(std::string("/bank/camt053?date=2026-11-23&rail_account=") + vietqr_id);
    EXPECT_EQ(statement.status, 200);
    EXPECT_NE(statement.text.find("VIETQR20261122B"), std::string::npos) << statement.text;
    EXPECT_EQ(rig.get("/bank/camt053?date=2026-11-23&rail_account=rla_none").status, 404);
    EXPECT_GE(rig.get(std::string("/bank/camt053?date=yesterday&rail_account=") + vietqr_id).status, 400);
}

}  // namespace
}  // namespace cho40::sandbox::tests_
