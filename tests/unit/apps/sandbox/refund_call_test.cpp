#include "adapters/rails/vietqr_refund.h"
#include "base/text.h"
#include "tests/unit/apps/sandbox/rig.h"

namespace cho40::sandbox::tests_ {
namespace {

rails::vietqr::RefundCredentials const credentials("cho40", Secret("word"), Secret("SECRET"));

class RefundCall : public ::testing::Test {
protected:
    RefundCall()
    {
        rig.connect({"vietqr"}, {{"refund_access", {{"user", "cho40"}, {"password", "word"}, {"key", "SECRET"}}}});
        rig.connect({"sepay"}, json::object(), "3141000456789");
    }

    std::string pay(std::int64_t amount)
    {
        auto const paid = rig.post(
            "/bank/payments", {{"bank_bin", "970436"}, {"account_number", "2141000456789"}, {"amount", amount}, {"memo", "CQ7K2M4X7"}});
        return paid.body()["bank_reference"];
    }
    Rig::Answer token(std::string const& authorization)
    {
        return rig.call(http::Method::post, "/vqr/api/token_generate", "{}", {{"Authorization", authorization}});
    }
    // As the service orders it; `change` spoils the body.
    Rig::Answer order(std::string const& reference, std::int64_t amount, json const& change = json::object(), bool part = false)
    {
        auto const given = token(rails::vietqr::basic_authorization(credentials));
        auto const bearer = rails::vietqr::token_in(given.status, given.text);
        if (!bearer) return given;
        qr_pay::RefundCall call;
        call.bank_bin = "970436";
        call.account_number = "2141000456789";
        call.bank_reference = reference;
        call.amount = Dong(amount);
        call.code = "RQ7K2M4X7";
        call.is_part = part;
        auto body = json::parse(rails::vietqr::refund_body(call, credentials));
        body.update(change);
        return rig.post("/vqr/api/transaction/refund", body, {{"Authorization", "Bearer " + bearer->expose()}});
    }

    Rig rig;
};

TEST_F(RefundCall, MoneyGoesBackWithTheCodeOfTheRefundAndIsTold)
{
    auto const paid = pay(30'000);
    auto const answer = order(paid, 30'000);
    EXPECT_EQ(rails::vietqr::refund_outcome(answer.status, answer.text), qr_pay::RefundCallOutcome::taken) << answer.text;
    ASSERT_EQ(rig.service.credits.size(), 2u);
    auto const& out = rig.service.credits.back();
    EXPECT_EQ(out.direction, qr_pay::Direction::out);
    EXPECT_EQ(out.amount, Dong(30'000));
    EXPECT_NE(out.memo.find("RQ7K2M4X7"), std::string::npos) << out.memo;
}

TEST_F(RefundCall, WhatIsWrongIsRefusedAndMovesNothing)
{
    auto const paid = pay(30'000);
    struct Row {
        char const* what;
        Rig::Answer answer;
        char const* said;
    };
    for (auto const& row : {Row{"another checkSum", order(paid, 30'000, {{"checkSum", std::string(32, '0')}}), "wrong checkSum"},
                            Row{"another amount than signed", order(paid, 30'000, {{"amount", "29999"}}), "wrong checkSum"},
                            Row{"no such transfer", order("FT00000000000000", 30'000), "there is no such transfer on this account"},
                            Row{"more than there was", order(paid, 30'001), "there is not so much to pay back for this transfer"},
                            Row{"no whole number", order(paid, 30'000, {{"amount", "30.000"}}), "the order cannot be read"},
                            Row{"no amount", order(paid, 30'000, {{"amount", nullptr}}), "the order cannot be read"}}) {
        EXPECT_EQ(rails::vietqr::refund_outcome(row.answer.status, row.answer.text), qr_pay::RefundCallOutcome::refused) << row.what;
        EXPECT_NE(row.answer.text.find(row.said), std::string::npos) << row.what << ": " << row.answer.text;
    }
    EXPECT_EQ(rig.service.credits.size(), 1u);
}

TEST_F(RefundCall, ASecondTimeOnlyInParts)
{
    auto const paid = pay(30'000);
    EXPECT_EQ(order(paid, 10'000, json::object(), true).status, 200);
    EXPECT_EQ(order(paid, 10'000).status, 400);
    EXPECT_EQ(order(paid, 20'000, json::object(), true).status, 200);
    EXPECT_EQ(order(paid, 1, json::object(), true).status, 400);
    EXPECT_EQ(rig.service.credits.size(), 3u);
}

TEST_F(RefundCall, TheAnswerThatIsLostIsAboutMoneyThatLeft)
{
    auto const paid = pay(20'014);
    auto const before = rig.service.credits.size();
    EXPECT_EQ(order(paid, 20'014).status, 0);
    EXPECT_EQ(rig.service.credits.size(), before + 1);
}

TEST_F(RefundCall, TokensAreForWhoHasTheAccessAndGrowOld)
{
    EXPECT_EQ(token("Basic " + to_base64("cho40:wrong")).status, 401);
    EXPECT_EQ(token("").status, 401);
    auto const paid = pay(30'000);
    auto const given = token(rails::vietqr::basic_authorization(credentials)).body();
    EXPECT_EQ(given["expires_in"], 59);
    rig.post("/setup/clock", {{"now", "2030-01-01T00:00:00Z"}});
    auto const old = rig.post("/vqr/api/transaction/refund", json::object(),
                              {{"Authorization", "Bearer " + given["access_token"].get<std::string>()}});
    EXPECT_EQ(old.status, 401);
    EXPECT_EQ(rig.post("/vqr/api/transaction/refund", json::object(), {{"Authorization", "Bearer nothing"}}).status, 401);
    EXPECT_EQ(rig.post("/setup/rail-accounts", {{"id", "rla_x"},
                                                {"rail", "payos"},
                                                {"address", "/rails/payos/rla_x"},
                                                {"secret", "k"},
                                                {"refund_access", {{"user", "a"}, {"password", "b"}, {"key", "c"}}}})
                  .status,
              422);
}

TEST_F(RefundCall, AStallThatPaysBackByItsOwnBankWritesWhatItLikes)
{
    auto const paid = pay(30'000);
    EXPECT_EQ(rig.post("/bank/refunds", {{"bank_reference", paid}, {"amount", 12'000}, {"memo", "RQ7K2M4X7 tra lai tien ca"}}).status, 201);
    EXPECT_NE(rig.service.credits.back().memo.find("RQ7K2M4X7"), std::string::npos);
    EXPECT_EQ(rig.service.credits.back().amount, Dong(12'000));
}

}  // namespace
}  // namespace cho40::sandbox::tests_
