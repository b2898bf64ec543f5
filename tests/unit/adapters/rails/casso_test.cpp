#include "adapters/rails/providers/casso.h"
#include "base/digest.h"
#include "tests/unit/adapters/rails/cases.h"
#include <rapidcheck/gtest.h>

namespace cho40::rails::tests_ {
namespace {

RailSecret const published_key("mgExMrjj4i7a1p8Cs6LmFbpCd8lbw4sSX4LZXPag7TKazeIogtR90tvWYTkwQbvs");
constexpr auto published_time = "1727948258788";
constexpr auto published_signature =
    "ed0a4bd2e826d5cb69988cdb141e6c1a080e21f3b57eb72cd78192220042b9e7dde0868fc667faea8e224900fa7904e7c88dfa098032fb2d6b6996856e8b7ff3";
// The public sample, its members in another order than the signed one.
std::string const published =
    R"({"error":0,"data":{"id":0,"reference":"MA_GIAO_DICH_THU_NGHIEM","description":"giao dich thu nghiem","amount":599000,)"
    R"("runningBalance":25000000,"transactionDateTime":"2024-10-03 15:06:37","accountNumber":"88888888","bankName":"VPBank",)"
    R"("bankAbbreviation":"VPB","virtualAccountNumber":"","virtualAccountName":"","counterAccountName":"NGUYEN VAN A",)"
    R"("counterAccountNumber":"8888888888","counterAccountBankId":"970415","counterAccountBankName":"VietinBank"}})";

RailSecret const secret("0123456789abcdef");
RailSecret const v1_secret("v1:0123456789abcdef");

RawNotification signed_now(json const& body, casso::Escapes escapes = casso::Escapes::none)
{
    auto const text = casso::canonical("1795317331000", body, escapes);
    RawNotification raw;
    raw.received_at = now;
    raw.body = body.dump();
    raw.headers = {{"X-Casso-Signature", "t=1795317331000,v1=" + hmac_sha512_hex("0123456789abcdef", text)}};
    return raw;
}

json sale_body() { return json::parse(casso::notification(sale("casso", "7"), secret, now).body); }

RawNotification sale_with(char const* name, json value)
{
    auto body = sale_body();
    body["data"] = with(body["data"], name, std::move(value));
    return signed_now(body);
}

TEST(Casso, ThePublicSampleVerifiesAndIsAProbe)
{
    RawNotification raw;
    raw.body = published;
    raw.headers = {{"x-casso-signature", std::string("t=") + published_time + ",v1=" + published_signature}};
    auto const message = casso::rail().read(raw, published_key);
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_TRUE(message->is_probe);
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.provider_id, "0");
    EXPECT_EQ(credit.amount, Dong(599000));
    EXPECT_EQ(credit.account_number, "88888888");
    EXPECT_EQ(credit.bank_reference, "MA_GIAO_DICH_THU_NGHIEM");
    EXPECT_EQ(credit.balance, Dong(25'000'000));
    EXPECT_EQ(credit.payer_name, "NGUYEN VAN A");
    EXPECT_EQ(credit.payer_bank, "970415");
    EXPECT_EQ(to_rfc3339(credit.booked_at), "2024-10-03T08:06:37.000Z");
    EXPECT_EQ(to_rfc3339(message->signed_at->at), "2024-10-03T09:37:38.788Z");
}

TEST(Casso, CanonicalFormIsThePublishedOne)
{
    auto const text = casso::canonical(published_time, json::parse(published), casso::Escapes::none);
    EXPECT_EQ(
        text,
        R"(1727948258788.{"data":{"accountNumber":"88888888","amount":599000,"bankAbbreviation":"VPB","bankName":"VPBank",)"
        R"("counterAccountBankId":"970415","counterAccountBankName":"VietinBank","counterAccountName":"NGUYEN VAN A",)"
        R"("counterAccountNumber":"8888888888","description":"giao dich thu nghiem","id":0,"reference":"MA_GIAO_DICH_THU_NGHIEM",)"
        R"("runningBalance":25000000,"transactionDateTime":"2024-10-03 15:06:37","virtualAccountName":"","virtualAccountNumber":""},"error":0})");
    EXPECT_EQ(hmac_sha512_hex(published_key.key.expose(), text), published_signature);
    EXPECT_EQ(casso::canonical("1", {{"a", "ca/đ"}}, casso::Escapes::none), R"(1.{"a":"ca/đ"})");
    EXPECT_EQ(casso::canonical("1", {{"a", "ca/đ"}}, casso::Escapes::all), R"(1.{"a":"ca\/\u0111"})");
}

TEST(Casso, BothWaysOfWritingSlashesAndAccentsAreAccepted)
{
    auto body = sale_body();
    body["data"]["description"] = "tiền cá 22/11";
    for (auto const escapes : {casso::Escapes::none, casso::Escapes::all}) {
        auto const message = casso::rail().read(signed_now(body, escapes), secret);
        ASSERT_TRUE(message) << message.error().detail;
        EXPECT_EQ(message->transfers[0].memo, "tiền cá 22/11");
    }
}

TEST(Casso, WhatTheProviderSendsIsReadAsItWasMeant)
{
    auto told = sale("casso", "7");
    told.payer_name = "NGUYEN VAN A";
    told.virtual_account = "VQRQ0001";
    told.balance = Dong(0);
    auto const message = casso::rail().read(casso::notification(told, secret, now), secret);
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_FALSE(message->is_probe);
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.provider_id, "7");
    EXPECT_EQ(credit.memo, told.memo);
    EXPECT_EQ(credit.booked_at, told.booked_at);
    EXPECT_EQ(credit.virtual_account, told.virtual_account);
    EXPECT_EQ(credit.payer_name, told.payer_name);
    EXPECT_EQ(credit.balance, Dong(0)) << "an empty account is known to be empty";
}

TEST(Casso, BelowZeroIsMoneyOut)
{
    for (auto const* agreed : {&secret, &v1_secret}) {
        auto told = sale("casso", "7");
        told.direction = qr_pay::Direction::out;
        auto const message = casso::rail().read(casso::notification(told, *agreed, now), *agreed);
        ASSERT_TRUE(message) << message.error().detail;
        EXPECT_EQ(message->transfers[0].direction, qr_pay::Direction::out);
        EXPECT_EQ(message->transfers[0].amount, Dong(45000));
    }
}

TEST(Casso, TheFirstGenerationTellsSeveralAtOnce)
{
    auto raw = casso::notification(sale("casso", "7"), v1_secret, now);
    auto body = json::parse(raw.body);
    body["data"].push_back(with(with(body["data"][0], "id", 8), "amount", -1000));
    raw.body = body.dump();
    auto const message = casso::rail().read(raw, v1_secret);
    ASSERT_TRUE(message) << message.error().detail;
    ASSERT_EQ(message->transfers.size(), 2u);
    EXPECT_EQ(message->transfers[0].provider_id, "7");
    EXPECT_EQ(message->transfers[0].bank_reference, "FT26326123456");
    EXPECT_EQ(message->transfers[1].provider_id, "8");
    EXPECT_EQ(message->transfers[1].direction, qr_pay::Direction::out);
    EXPECT_FALSE(message->signed_at);

    body["data"][1]["amount"] = "x";
    raw.body = body.dump();
    auto const refused = casso::rail().read(raw, v1_secret);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().pointer, "/data/1/amount");
}

TEST(Casso, OneGenerationDoesNotStandInForTheOther)
{
    EXPECT_EQ(casso::rail().read(casso::notification(sale("casso", "7"), v1_secret, now), secret).error().code, Errc::bad_signature);
    EXPECT_EQ(casso::rail().read(casso::notification(sale("casso", "7"), secret, now), v1_secret).error().code, Errc::bad_token);
    EXPECT_EQ(casso::rail().read(casso::notification(sale("casso", "7"), RailSecret("v1:another key"), now), v1_secret).error().code,
              Errc::bad_token);
}

TEST(Casso, AnErrorOfCassoMovesNothing)
{
    auto body = sale_body();
    body["error"] = 1;
    auto const message = casso::rail().read(signed_now(body), secret);
    ASSERT_TRUE(message);
    EXPECT_TRUE(message->transfers.empty());
}

RawNotification with_signature(std::string header)
{
    auto raw = casso::notification(sale("casso", "7"), secret, now);
    set_header(raw, "X-Casso-Signature", std::move(header));
    return raw;
}

RawNotification tampered()
{
    auto raw = casso::notification(sale("casso", "7"), secret, now);
    raw.body.replace(raw.body.find("45000"), 5, "45001");
    return raw;
}

std::string const place = "#header/X-Casso-Signature";
Refused const refused[] = {
    {"no_signature", with_signature(""), Errc::bad_signature, place},
    {"half_a_signature", with_signature("t=1795317331000"), Errc::bad_signature, place},
    {"time_in_seconds", with_signature("t=1795317331,v1=00"), Errc::bad_signature, place},
    {"another_time", with_signature("t=1795317331001,v1=" + std::string(128, '0')), Errc::bad_signature, place},
    {"amount_tampered", tampered(), Errc::bad_signature, place},
    {"data_a_list", signed_now({{"error", 0}, {"data", json::array()}}), Errc::wrong_type, "/data"},
    {"no_data", signed_now({{"error", 0}}), Errc::required, "/data"},
    {"no_id", sale_with("id", left_out), Errc::required, "/data/id"},
    {"amount_zero", sale_with("amount", 0), Errc::amount_not_positive, "/data/amount"},
    {"amount_text", sale_with("amount", "45000"), Errc::wrong_type, "/data/amount"},
    {"amount_huge", sale_with("amount", 10'000'000'000'000), Errc::amount_overflow, "/data/amount"},
    {"amount_out_huge", sale_with("amount", -10'000'000'000'000), Errc::amount_overflow, "/data/amount"},
    {"amount_least", sale_with("amount", std::numeric_limits<std::int64_t>::min()), Errc::amount_overflow, "/data/amount"},
    {"no_account", sale_with("accountNumber", " "), Errc::required, "/data/accountNumber"},
    {"time", sale_with("transactionDateTime", 5), Errc::wrong_type, "/data/transactionDateTime"},
    {"currency", sale_with("currency", "USD"), Errc::currency_not_vnd, "/data/currency"},
};
class CassoRefuses : public testing::TestWithParam<Refused> {};
TEST_P(CassoRefuses, WithAStableCodeAndThePlace) { expect_refused(casso::rail(), GetParam(), secret); }
INSTANTIATE_TEST_SUITE_P(Rows, CassoRefuses, testing::ValuesIn(refused), name_of_row);

TEST(Casso, RepliesAsPrescribed)
{
    auto const reply = casso::rail().accepted(Taken(Outcome::repeated, ""));
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, R"({"success":true})");
    EXPECT_EQ(status_of(casso::rail(), Errc::bad_token), 401);
    EXPECT_EQ(status_of(casso::rail(), Errc::required), 422);
    EXPECT_EQ(status_of(casso::rail(), Errc::queue_full), 503);
}

RC_GTEST_PROP(Casso, SurvivesAnything, (std::string const& bytes, std::string const& header))
{
    RawNotification raw;
    raw.body = bytes;
    raw.headers = {{"X-Casso-Signature", header}, {"secure-token", "0123456789abcdef"}};
    (void)casso::rail().read(raw, secret);
    (void)casso::rail().read(raw, v1_secret);
}

}  // namespace
}  // namespace cho40::rails::tests_
