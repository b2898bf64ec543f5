#include "adapters/rails/providers/zalopay.h"
#include "base/digest.h"
#include "tests/unit/adapters/rails/cases.h"
#include <rapidcheck/gtest.h>

namespace cho40::rails::tests_ {
namespace {

// The callback that ZaloPay's documents print, with the key2 of its public sandbox application.
RailSecret const public_key2("kLtgPl8HHhfvMuDHPwKfgfsY4Ydm9eIz");
std::string const published =
    R"({"data":"{\"app_id\":2553,\"app_trans_id\":\"200904_2553_1598435687208\",\"app_time\":1599189392817,\"app_user\":\"demo\",)"
    R"(\"amount\":10000,\"embed_data\":\"{\\\"merchantinfo\\\":\\\"embeddata123\\\",\\\"promotioninfo\\\":\\\"\\\"}\",)"
    R"(\"item\":\"[{\\\"itemid\\\":\\\"knb\\\",\\\"itemname\\\":\\\"kim nguyen bao\\\",\\\"itemprice\\\":198400,\\\"itemquantity\\\":1}]\",)"
    R"(\"zp_trans_id\":200904000000389,\"server_time\":1599189413498,\"channel\":38,)"
    R"(\"merchant_user_id\":\"7ZMSl3nEg5sOUJzOLSoUFT8xKNQVaLOLXHB--8Eytqc\",\"user_fee_amount\":0,\"discount_amount\":0}",)"
    R"("mac":"d8d33baf449b31d7f9b94fa50d7c942c08cd4d83f28fa185557da21acb104f67","type":1})";

RailSecret const secret("0123456789abcdef");

RawNotification call(std::string body)
{
    RawNotification raw;
    raw.received_at = now;
    raw.body = std::move(body);
    return raw;
}

qr_pay::BankCredit told()
{
    auto credit = sale("zalopay", "261122000000389", "2553");
    credit.provider_order = "261122_CQ7K2M4X7";
    return credit;
}
json sale_data() { return json::parse(json::parse(zalopay::notification(told(), secret, now).body).at("data").get<std::string>()); }
RawNotification sale_with(char const* name, json value)
{
    return call(zalopay::signed_body(with(sale_data(), name, std::move(value)).dump(), secret));
}

TEST(Zalopay, ThePublicSampleVerifies)
{
    auto const message = zalopay::rail().read(call(published), public_key2);
    ASSERT_TRUE(message) << message.error().detail;
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.rail, "zalopay");
    EXPECT_EQ(credit.provider_id, "200904000000389");
    EXPECT_EQ(credit.account_number, "2553");
    EXPECT_EQ(credit.amount, Dong(10000));
    EXPECT_EQ(credit.provider_order, "200904_2553_1598435687208");
    EXPECT_EQ(credit.order_code, "");
    EXPECT_EQ(to_rfc3339(credit.booked_at), "2020-09-04T03:16:53.498Z");
    EXPECT_FALSE(message->signed_at);
}

TEST(Zalopay, WhatTheProviderSendsIsReadAsItWasMeant)
{
    auto const message = zalopay::rail().read(zalopay::notification(told(), secret, now), secret);
    ASSERT_TRUE(message) << message.error().detail;
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.amount, told().amount);
    EXPECT_EQ(credit.booked_at, told().booked_at);
    EXPECT_EQ(credit.order_code, "CQ7K2M4X7");
    EXPECT_EQ(credit.memo, "261122_CQ7K2M4X7");
}

// The same meaning written in another way has another mac: the text counts, not the object.
TEST(Zalopay, TheDataCountsAsItWasWritten)
{
    auto const spaced = sale_data().dump(1);
    EXPECT_TRUE(zalopay::rail().read(call(zalopay::signed_body(spaced, secret)), secret));
    auto body = json::parse(zalopay::signed_body(spaced, secret));
    body["data"] = sale_data().dump();
    EXPECT_EQ(zalopay::rail().read(call(body.dump()), secret).error().code, Errc::bad_signature);
    // Escaped in the outer JSON or not: after reading once it is the same text.
    auto accented = zalopay::signed_body(with(sale_data(), "app_user", "Bà Thế").dump(), secret);
    EXPECT_TRUE(zalopay::rail().read(call(json::parse(accented).dump(-1, ' ', true)), secret));
}

TEST(Zalopay, AnAgreementMovesNothing)
{
    auto const body = with(json::parse(zalopay::notification(told(), secret, now).body), "type", 2);
    auto const message = zalopay::rail().read(call(body.dump()), secret);
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_TRUE(message->transfers.empty());
}

RawNotification outer_with(char const* name, json value)
{
    return call(with(json::parse(zalopay::notification(told(), secret, now).body), name, std::move(value)).dump());
}

RawNotification tampered()
{
    auto raw = zalopay::notification(told(), secret, now);
    raw.body.replace(raw.body.find("45000"), 5, "45001");
    return raw;
}

Refused const refused[] = {
    {"not_json", call("x"), Errc::invalid_json, ""},
    {"no_data", outer_with("data", left_out), Errc::bad_signature, "/data"},
    {"data_an_object", outer_with("data", sale_data()), Errc::bad_signature, "/data"},
    {"no_mac", outer_with("mac", left_out), Errc::bad_signature, "/mac"},
    {"another_mac", outer_with("mac", std::string(64, '0')), Errc::bad_signature, "/mac"},
    {"amount_tampered", tampered(), Errc::bad_signature, "/mac"},
    {"type_text", outer_with("type", "1"), Errc::wrong_type, "/type"},
    {"data_no_json", call(zalopay::signed_body("x", secret)), Errc::invalid_json, "/data"},
    {"data_twice", call(zalopay::signed_body(R"({"amount":1,"amount":2})", secret)), Errc::invalid_json, "/data"},
    {"amount_as_double", sale_with("amount", 45000.5), Errc::invalid_json, "/data"},
    {"amount_text", sale_with("amount", "45000"), Errc::wrong_type, "/data/amount"},
    {"amount_zero", sale_with("amount", 0), Errc::amount_not_positive, "/data/amount"},
    {"amount_huge", sale_with("amount", 10'000'000'000'000), Errc::amount_overflow, "/data/amount"},
    {"app_text", sale_with("app_id", "2553"), Errc::wrong_type, "/data/app_id"},
    {"no_number", sale_with("zp_trans_id", left_out), Errc::required, "/data/zp_trans_id"},
    {"no_order", sale_with("app_trans_id", ""), Errc::required, "/data/app_trans_id"},
    {"time_in_seconds", sale_with("server_time", 1795317331), Errc::invalid_date, "/data/server_time"},
    {"currency", sale_with("currency", "USD"), Errc::currency_not_vnd, "/data/currency"},
};
class ZalopayRefuses : public testing::TestWithParam<Refused> {};
TEST_P(ZalopayRefuses, WithAStableCodeAndThePlace) { expect_refused(zalopay::rail(), GetParam(), secret); }
INSTANTIATE_TEST_SUITE_P(Rows, ZalopayRefuses, testing::ValuesIn(refused), name_of_row);

TEST(Zalopay, TheMacOfAnotherKeyIsRefused) { EXPECT_EQ(zalopay::rail().read(call(published), secret).error().code, Errc::bad_signature); }

TEST(Zalopay, RepliesAsPrescribed)
{
    auto const code = [](Reply const& reply) {
        EXPECT_EQ(reply.status, 200);
        return json::parse(reply.body).at("return_code").get<int>();
    };
    auto const& rail = zalopay::rail();
    EXPECT_EQ(rail.accepted(Taken()).body, R"({"return_code":1,"return_message":"success"})");
    EXPECT_EQ(code(rail.accepted(Taken(Outcome::repeated, ""))), 2);
    for (auto const outcome : {Outcome::order_settled, Outcome::order_unknown, Outcome::amount_differs})
        EXPECT_EQ(code(rail.accepted(Taken(outcome, "crd_x"))), 1) << "money that is booked is never asked for again";
    EXPECT_EQ(code(rail.refused(Error(Errc::bad_signature, ""))), -1);
    EXPECT_EQ(code(rail.refused(Error(Errc::amount_overflow, ""))), -1) << "it can never be good";
    EXPECT_EQ(code(rail.refused(Error(Errc::unavailable, ""))), 0);
}

RC_GTEST_PROP(Zalopay, SurvivesAnything, (std::string const& bytes))
{
    (void)zalopay::rail().read(call(bytes), secret);
    RC_PRE(bytes.find('\0') == std::string::npos);
    json const body{{"data", to_hex(bytes)}, {"mac", hmac_sha256_hex(secret.key.expose(), to_hex(bytes))}};
    (void)zalopay::rail().read(call(body.dump()), secret);
}

}  // namespace
}  // namespace cho40::rails::tests_
