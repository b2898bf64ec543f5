#include "adapters/rails/providers/momo.h"
#include "base/digest.h"
#include "tests/unit/adapters/rails/cases.h"
#include <rapidcheck/gtest.h>

namespace cho40::rails::tests_ {
namespace {

RailSecret const secret("AK_DEMO_:SK_DEMO_");

json const demo{
    {"partnerCode", "MOMODEMO"},     {"orderId", "CQ-1"},     {"requestId", "R-1"}, {"amount", 50000},          {"orderInfo", "Mua hang"},
    {"orderType", "momo_wallet"},    {"transId", 4088878653}, {"resultCode", 0},    {"message", "Successful."}, {"payType", "qr"},
    {"responseTime", 1774422157000}, {"extraData", ""}};
constexpr auto demo_signature = "d472a4bbde696ceec258aa69996059a6bf426df035f26c9029db41907c5e31e6";

RawNotification call(json const& body)
{
    RawNotification raw;
    raw.received_at = now;
    raw.body = body.dump();
    return raw;
}

RawNotification signed_call(json body)
{
    body["signature"] = hmac_sha256_hex("SK_DEMO_", *momo::canonical(body, "AK_DEMO_"));
    return call(body);
}

qr_pay::BankCredit told() { return sale("momo", "4088878653", "MOMOCHO40"); }
json sale_body() { return json::parse(momo::notification(told(), secret, now).body); }
RawNotification sale_with(char const* name, json value) { return signed_call(with(sale_body(), name, std::move(value))); }

TEST(Momo, TheConstructedCheckVerifies)
{
    auto const text = momo::canonical(demo, "AK_DEMO");
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "accessKey=AK_DEMO&amount=50000&extraData=&message=Successful.&orderId=CQ-1&orderInfo=Mua hang&orderType=momo_wallet&"
                     "partnerCode=MOMODEMO&payType=qr&requestId=R-1&responseTime=1774422157000&resultCode=0&transId=4088878653");
    EXPECT_EQ(hmac_sha256_hex("SK_DEMO", *text), demo_signature);
    auto const message = momo::rail().read(call(with(demo, "signature", demo_signature)), RailSecret("AK_DEMO:SK_DEMO"));
    ASSERT_TRUE(message) << message.error().detail;
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.rail, "momo");
    EXPECT_EQ(credit.provider_id, "4088878653");
    EXPECT_EQ(credit.account_number, "MOMODEMO");
    EXPECT_EQ(credit.amount, Dong(50000));
    EXPECT_EQ(credit.memo, "Mua hang");
    EXPECT_EQ(credit.provider_order, "CQ-1");
    EXPECT_EQ(credit.order_code, "");
    EXPECT_EQ(to_rfc3339(credit.booked_at), "2026-03-25T07:02:37.000Z");
    EXPECT_FALSE(message->signed_at);
}

TEST(Momo, WhatTheProviderSendsIsReadAsItWasMeant)
{
    auto paid = told();
    paid.provider_order = "CQ7K2M4X7-2";
    paid.memo = "tiền cá";
    auto const message = momo::rail().read(momo::notification(paid, secret, now), secret);
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_EQ(message->transfers[0].order_code, "CQ7K2M4X7");
    EXPECT_EQ(message->transfers[0].memo, "tiền cá");
    EXPECT_EQ(message->transfers[0].booked_at, paid.booked_at);
}

TEST(Momo, WordsOfTheMessageAreSignedAsBytes) { EXPECT_TRUE(momo::rail().read(sale_with("message", "Giao dịch thành công."), secret)); }

TEST(Momo, WhatIsNotPaidIsAuthenticAndMovesNothing)
{
    for (int const result : {9000, 1006, 7002, -1}) {
        auto const message = momo::rail().read(momo::notification(told(), secret, now, result), secret);
        ASSERT_TRUE(message) << message.error().detail;
        EXPECT_TRUE(message->transfers.empty()) << result;
    }
}

RawNotification tampered(char const* name, json value) { return call(with(sale_body(), name, std::move(value))); }

Refused const refused[] = {
    {"no_signature", tampered("signature", left_out), Errc::bad_signature, "/signature"},
    {"signature_a_number", tampered("signature", 5), Errc::bad_signature, "/signature"},
    {"amount_tampered", tampered("amount", 45001), Errc::bad_signature, "/signature"},
    {"failure_made_success", call(with(json::parse(momo::notification(told(), secret, now, 1006).body), "resultCode", 0)),
     Errc::bad_signature, "/signature"},
    {"message_left_out", tampered("message", left_out), Errc::bad_signature, "/message"},
    {"amount_as_list", tampered("amount", json::array()), Errc::bad_signature, "/amount"},
    {"amount_as_double", tampered("amount", 45000.5), Errc::invalid_json, ""},
    {"not_json",
     [] {
         RawNotification raw;
         raw.body = "amount=1";
         return raw;
     }(),
     Errc::invalid_json, ""},
    {"amount_text", sale_with("amount", "45000"), Errc::wrong_type, "/amount"},
    {"amount_zero", sale_with("amount", 0), Errc::amount_not_positive, "/amount"},
    {"amount_huge", sale_with("amount", 10'000'000'000'000), Errc::amount_overflow, "/amount"},
    {"result_text", sale_with("resultCode", "0"), Errc::wrong_type, "/resultCode"},
    {"no_partner", sale_with("partnerCode", ""), Errc::required, "/partnerCode"},
    {"no_order", sale_with("orderId", ""), Errc::required, "/orderId"},
    {"number_text", sale_with("transId", "4088878653"), Errc::wrong_type, "/transId"},
    {"time_in_seconds", sale_with("responseTime", 1774422157), Errc::invalid_date, "/responseTime"},
    {"currency", sale_with("currency", "USD"), Errc::currency_not_vnd, "/currency"},
};
class MomoRefuses : public testing::TestWithParam<Refused> {};
TEST_P(MomoRefuses, WithAStableCodeAndThePlace) { expect_refused(momo::rail(), GetParam(), secret); }
INSTANTIATE_TEST_SUITE_P(Rows, MomoRefuses, testing::ValuesIn(refused), name_of_row);

TEST(Momo, BothKeysMustFit)
{
    for (auto const* other : {"AK_OTHER:SK_DEMO_", "AK_DEMO_:SK_OTHER", "SK_DEMO_", ""})
        EXPECT_EQ(momo::rail().read(momo::notification(told(), secret, now), RailSecret(other)).error().code, Errc::bad_signature) << other;
    EXPECT_TRUE(momo::rail().is_secret("0123456789:0123456789"));
    EXPECT_FALSE(momo::rail().is_secret("0123456789"));
    EXPECT_FALSE(momo::rail().is_secret(":0123456789"));
}

TEST(Momo, RepliesAsPrescribed)
{
    for (auto const outcome : {Outcome::recorded, Outcome::repeated, Outcome::order_unknown, Outcome::amount_differs}) {
        EXPECT_EQ(momo::rail().accepted(Taken(outcome, "crd_x")).status, 204);
        EXPECT_EQ(momo::rail().accepted(Taken(outcome, "crd_x")).body, "");
    }
    EXPECT_EQ(momo::rail().facts().success_status, 204);
    EXPECT_EQ(status_of(momo::rail(), Errc::bad_signature), 401);
    EXPECT_EQ(status_of(momo::rail(), Errc::wrong_type), 422);
    EXPECT_EQ(status_of(momo::rail(), Errc::unavailable), 503);
}

RC_GTEST_PROP(Momo, SurvivesAnything, (std::string const& bytes))
{
    RawNotification raw;
    raw.body = bytes;
    (void)momo::rail().read(raw, secret);
    (void)momo::rail().read(raw, RailSecret(bytes));
}

}  // namespace
}  // namespace cho40::rails::tests_
