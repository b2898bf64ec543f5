#include "adapters/rails/providers/payos.h"
#include "base/digest.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::rails {
namespace {

using nlohmann::json;

RailSecret const public_key("1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c18bd8faaecadd7675");

// The sample that payOS publishes with its client library.
std::string const public_sample =
    R"({"code":"00","desc":"success","success":true,"data":{"accountNumber":"12345678","amount":3000,)"
    R"("description":"VQRIO123","reference":"TF230204212323","transactionDateTime":"2023-02-04 18:25:00","virtualAccountNumber":"",)"
    R"("counterAccountBankId":"","counterAccountBankName":"","counterAccountName":null,"counterAccountNumber":"","virtualAccountName":"",)"
    R"("currency":"VND","orderCode":123,"paymentLinkId":"124c33293c43417ab7879e14c8d9eb18","code":"00","desc":"Thành công"},)"
    R"("signature":"412e915d2871504ed31be63c8f62a149a4410d34c4c42affc9006ef9917eaa03"})";

RawNotification raw(std::string body)
{
    RawNotification n;
    n.body = std::move(body);
    return n;
}

Result<RailMessage> read(std::string body, RailSecret const& secret = public_key)
{
    return payos::rail().read(raw(std::move(body)), secret);
}

qr_pay::BankCredit sale()
{
    qr_pay::BankCredit credit("payos", "", "0123456789", qr_pay::Direction::in, Dong(45000), *parse_local_time("2026-11-22 10:15:30"));
    credit.memo = "CQ7K2M4X7 tien ca";
    credit.bank_reference = "FT26326123456";
    credit.payer_name = "NGUYEN VAN A";
    credit.payer_account = "0011004123456";
    credit.payer_bank = "970436";
    credit.virtual_account = "VQRQ0001";
    return credit;
}

// The signed body of a sale with one member of data changed before signing.
std::string signed_with(char const* name, json value)
{
    auto body = json::parse(payos::webhook_body(sale(), 1001, "link", public_key.key));
    if (value.is_discarded()) body["data"].erase(name);
    else body["data"][name] = std::move(value);
    body["signature"] = hmac_sha256_hex(public_key.key.expose(), *payos::canonical(body["data"]));
    return body.dump();
}
json const left_out(json::value_t::discarded);

TEST(Payos, ReadsThePublicSample)
{
    auto const message = read(public_sample);
    ASSERT_TRUE(message) << message.error().detail;
    ASSERT_EQ(message->transfers.size(), 1u);
    auto const& credit = message->transfers[0];
    EXPECT_TRUE(message->is_probe);
    EXPECT_EQ(credit.amount, Dong(3000));
    EXPECT_EQ(credit.account_number, "12345678");
    EXPECT_EQ(credit.memo, "VQRIO123");
    EXPECT_EQ(credit.bank_reference, "TF230204212323");
    EXPECT_EQ(credit.provider_order, "123");
    EXPECT_EQ(to_rfc3339(credit.booked_at), "2023-02-04T11:25:00.000Z");
    EXPECT_EQ(credit.payer_name, "");
}

TEST(Payos, CanonicalFormIsThePublishedOne)
{
    auto const data = json::parse(public_sample).at("data");
    EXPECT_EQ(
        *payos::canonical(data),
        "accountNumber=12345678&amount=3000&code=00&counterAccountBankId=&counterAccountBankName=&counterAccountName=&counterAccountNumber="
        "&currency=VND&desc=Thành công&description=VQRIO123&orderCode=123&paymentLinkId=124c33293c43417ab7879e14c8d9eb18"
        "&reference=TF230204212323&transactionDateTime=2023-02-04 18:25:00&virtualAccountName=&virtualAccountNumber=");
    EXPECT_EQ(*payos::canonical({{"b", "null"}, {"a", "undefined"}, {"c", true}}), "a=&b=&c=true");
    EXPECT_EQ(*payos::canonical({{"items", json::array({json{{"quantity", 1}, {"name", "cá"}}})}}),
              R"(items=[{"name":"cá","quantity":1}])");
    EXPECT_FALSE(payos::canonical({{"deep", json::object()}}));
}

TEST(Payos, SignsALinkRequestAsPublished)
{
    payos::LinkRequest const request{1001, Dong(50000), "CQ7K2M4X", "https://x.vn/c", "https://x.vn/r"};
    EXPECT_EQ(payos::link_signature(request, Secret("CK_DEMO")), "187af43666ae95a93190cb8eaee9b7667ee0706675734df1bdb89a9bd9d34b21");
}

TEST(Payos, WhatTheSandboxSendsIsReadAsItWasMeant)
{
    auto const message = read(payos::webhook_body(sale(), 1001, "link", public_key.key));
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_FALSE(message->is_probe);
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.rail, "payos");
    EXPECT_EQ(credit.provider_id, "FT26326123456/link");
    EXPECT_EQ(credit.amount, Dong(45000));
    EXPECT_EQ(credit.booked_at, sale().booked_at);
    EXPECT_EQ(credit.memo, sale().memo);
    EXPECT_EQ(credit.payer_name, sale().payer_name);
    EXPECT_EQ(credit.payer_account, sale().payer_account);
    EXPECT_EQ(credit.payer_bank, sale().payer_bank);
    EXPECT_EQ(credit.virtual_account, sale().virtual_account);
    EXPECT_EQ(credit.provider_order, "1001");
}

TEST(Payos, TransfersWithoutABankNumberStayApart)
{
    auto first = sale();
    first.bank_reference = "";
    auto second = first;
    second.booked_at += std::chrono::seconds(1);
    auto const a = read(payos::webhook_body(first, 1001, "link", public_key.key));
    auto const b = read(payos::webhook_body(second, 1001, "link", public_key.key));
    EXPECT_NE(a->transfers[0].provider_id, b->transfers[0].provider_id);
}

TEST(Payos, TheProbeOnRegistrationIsRecognised)
{
    EXPECT_TRUE(read(payos::probe_body(public_key.key))->is_probe);
    auto order_123 = read(payos::webhook_body(sale(), 123, "link", public_key.key));
    EXPECT_FALSE(order_123->is_probe) << "an order of ours may have the number 123";
}

TEST(Payos, WhatDoesNotTellOfMoneyMovesNothing)
{
    auto body = json::parse(payos::webhook_body(sale(), 1001, "link", public_key.key));
    body["success"] = false;
    EXPECT_TRUE(read(body.dump())->transfers.empty());
    EXPECT_TRUE(read(signed_with("code", "01"))->transfers.empty());
}

struct Refused {
    char const* name;
    std::string body;
    Errc code;
    char const* pointer;
};

std::string tampered(char const* name, json value)
{
    auto body = json::parse(public_sample);
    body["data"][name] = std::move(value);
    return body.dump();
}

std::string without(char const* member)
{
    auto body = json::parse(public_sample);
    body.erase(member);
    return body.dump();
}

Refused const refused[] = {
    {"not_json", "x", Errc::invalid_json, ""},
    {"duplicate_amount", R"({"data":{"amount":1,"amount":2},"signature":"x"})", Errc::invalid_json, ""},
    {"amount_as_double", R"({"data":{"amount":1.0},"signature":"x"})", Errc::invalid_json, ""},
    {"not_utf8", "{\"data\":\"\xff\"}", Errc::invalid_utf8, ""},
    {"no_data", without("data"), Errc::bad_signature, "/data"},
    {"no_signature", without("signature"), Errc::bad_signature, "/signature"},
    {"amount_tampered", tampered("amount", 3001), Errc::bad_signature, "/signature"},
    {"member_added", tampered("extra", "x"), Errc::bad_signature, "/signature"},
    {"currency", signed_with("currency", "USD"), Errc::currency_not_vnd, "/data/currency"},
    {"currency_left_out", signed_with("currency", left_out), Errc::currency_not_vnd, "/data/currency"},
    {"amount_zero", signed_with("amount", 0), Errc::amount_not_positive, "/data/amount"},
    {"amount_negative", signed_with("amount", -5), Errc::amount_not_positive, "/data/amount"},
    {"amount_text", signed_with("amount", "45000"), Errc::wrong_type, "/data/amount"},
    {"amount_huge", signed_with("amount", 10'000'000'000'000), Errc::amount_overflow, "/data/amount"},
    {"no_account", signed_with("accountNumber", left_out), Errc::required, "/data/accountNumber"},
    {"empty_account", signed_with("accountNumber", " "), Errc::required, "/data/accountNumber"},
    {"time", signed_with("transactionDateTime", "22/11/2026"), Errc::invalid_date, "/data/transactionDateTime"},
    {"memo_of_501", signed_with("description", std::string(501, 'a')), Errc::text_too_long, "/data/description"},
    {"order_code_text", signed_with("orderCode", "1001"), Errc::wrong_type, "/data/orderCode"},
};

class PayosRefuses : public testing::TestWithParam<Refused> {};

TEST_P(PayosRefuses, WithAStableCodeAndThePlace)
{
    auto const message = read(GetParam().body);
    ASSERT_FALSE(message);
    EXPECT_EQ(errc_name(message.error().code), errc_name(GetParam().code)) << message.error().detail;
    EXPECT_EQ(message.error().pointer, GetParam().pointer);
    auto const reply = payos::rail().refused(message.error());
    EXPECT_EQ(reply.status, is_about_authenticity(GetParam().code) ? 401 : 422);
    EXPECT_EQ(json::parse(reply.body).at("code"), errc_name(GetParam().code));
}

INSTANTIATE_TEST_SUITE_P(Rows, PayosRefuses, testing::ValuesIn(refused), [](auto const& i) { return std::string(i.param.name); });

TEST(Payos, TheSignatureOfAnotherKeyIsRefused) { EXPECT_EQ(read(public_sample, RailSecret("other")).error().code, Errc::bad_signature); }

TEST(Payos, RepliesAsPrescribed)
{
    EXPECT_EQ(payos::rail().accepted(Taken(Outcome::recorded, "x")).status, 200);
    EXPECT_EQ(payos::rail().accepted(Taken(Outcome::recorded, "x")).body, R"({"success":true})");
    EXPECT_EQ(payos::rail().refused(Error(Errc::unavailable, "later")).status, 503);
    // What went wrong inside stays inside.
    auto const inside = payos::rail().refused(Error(Errc::stale, "23514 violates check constraint"));
    EXPECT_EQ(inside.status, 503);
    EXPECT_EQ(inside.body.find("constraint"), std::string::npos) << inside.body;
}

// Nobody without the key changes a byte of data unnoticed.
RC_GTEST_PROP(Payos, NoticesEveryChangedByte, ())
{
    auto body = payos::webhook_body(sale(), 1001, "link", public_key.key);
    auto const data = body.find("\"data\"");
    auto const end = body.find("},\"desc\"", data);
    auto const at = *rc::gen::inRange(data + 8, end);
    auto const other = static_cast<char>(*rc::gen::inRange(0x20, 0x7F));
    RC_PRE(body[at] != other);
    body[at] = other;
    RC_ASSERT(!read(body));
}

RC_GTEST_PROP(Payos, SurvivesAnything, (std::string const& bytes)) { (void)read(bytes); }

}  // namespace
}  // namespace cho40::rails
