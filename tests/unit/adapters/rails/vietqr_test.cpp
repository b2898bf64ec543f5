#include "adapters/rails/providers/vietqr.h"
#include "base/digest.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::rails {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

RailSecret const secret("cho-bai-chay:mat khau dai");
Instant const now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 22) + 3h};

RawNotification push(std::string body, Instant at = now)
{
    RawNotification n;
    n.headers = {{"Content-Type", "application/json"}, {"authorization", "Bearer " + vietqr::make_token(secret, now)}};
    n.body = std::move(body);
    n.received_at = at;
    return n;
}

qr_pay::BankCredit sale()
{
    qr_pay::BankCredit credit("vietqr", "tx-1", "0123456789", qr_pay::Direction::in, Dong(45000), now - 1500ms);
    credit.memo = "CQ7K2M4X7 tien ca";
    credit.bank_reference = "FT26326123456";
    return credit;
}

std::string with(char const* name, json value)
{
    auto body = json::parse(vietqr::sync_body(sale()));
    if (value.is_discarded()) body.erase(name);
    else body[name] = std::move(value);
    return body.dump();
}
json const left_out(json::value_t::discarded);

TEST(Vietqr, WhatTheSandboxSendsIsReadAsItWasMeant)
{
    auto const message = vietqr::rail().read(push(vietqr::sync_body(sale())), secret);
    ASSERT_TRUE(message) << message.error().detail;
    auto const& credit = message->transfers.at(0);
    EXPECT_FALSE(message->is_probe);
    EXPECT_EQ(credit.rail, "vietqr");
    EXPECT_EQ(credit.provider_id, "tx-1");
    EXPECT_EQ(credit.account_number, "0123456789");
    EXPECT_EQ(credit.amount, Dong(45000));
    EXPECT_EQ(credit.booked_at, sale().booked_at);
    EXPECT_EQ(credit.memo, sale().memo);
    EXPECT_EQ(credit.bank_reference, sale().bank_reference);
    EXPECT_EQ(credit.order_code, "");
}

TEST(Vietqr, AcceptsTheNamesOfBothDocuments)
{
    auto const body = R"({"bankAccount":"0123456789","amount":45000,"transtype":"D","content":"tra lai","transactionId":"tx-2",)"
                      R"("transactionTime":1795317331000,"referenceNumber":"FT2","orderID":"CQ7K2M4X7","terminalCode":"S12","sign":null})";
    auto const message = vietqr::rail().read(push(body), secret);
    ASSERT_TRUE(message) << message.error().detail;
    EXPECT_EQ(message->transfers[0].direction, qr_pay::Direction::out);
    EXPECT_EQ(message->transfers[0].order_code, "CQ7K2M4X7");
}

struct Refused {
    char const* name;
    std::string body;
    Errc code;
    char const* pointer;
};

Refused const refused[] = {
    {"not_json", "x", Errc::invalid_json, ""},
    {"duplicate_member", R"({"amount":1,"amount":2})", Errc::invalid_json, ""},
    {"duplicate_in_two_spellings", with("bankAccount", "9"), Errc::invalid_json, ""},
    {"amount_as_double", R"({"amount":1.5})", Errc::invalid_json, ""},
    {"not_utf8", "{\"content\":\"\xff\"}", Errc::invalid_utf8, ""},
    {"too_large", std::string(2'000'000, ' '), Errc::body_too_large, ""},
    {"direction_missing", with("transType", left_out), Errc::required, "/transtype"},
    {"direction_unknown", with("transType", "X"), Errc::unknown_value, "/transType"},
    {"amount_zero", with("amount", 0), Errc::amount_not_positive, "/amount"},
    {"amount_negative", with("amount", -45000), Errc::amount_not_positive, "/amount"},
    {"amount_text", with("amount", "45000"), Errc::wrong_type, "/amount"},
    {"amount_huge", with("amount", 10'000'000'000'000), Errc::amount_overflow, "/amount"},
    {"no_account", with("bankaccount", left_out), Errc::required, "/bankaccount"},
    {"empty_account", with("bankaccount", " "), Errc::required, "/bankaccount"},
    {"empty_id", with("transactionid", ""), Errc::required, "/transactionid"},
    {"time_in_seconds", with("transactiontime", 1795317331), Errc::invalid_date, "/transactiontime"},
    {"time_negative", with("transactiontime", -1), Errc::invalid_date, "/transactiontime"},
    {"no_reference", with("referencenumber", left_out), Errc::required, "/referencenumber"},
    {"memo_of_501", with("content", std::string(501, 'a')), Errc::text_too_long, "/content"},
};

class VietqrRefuses : public testing::TestWithParam<Refused> {};

TEST_P(VietqrRefuses, WithAStableCodeAndThePlace)
{
    auto const message = vietqr::rail().read(push(GetParam().body), secret);
    ASSERT_FALSE(message);
    EXPECT_EQ(errc_name(message.error().code), errc_name(GetParam().code)) << message.error().detail;
    EXPECT_EQ(message.error().pointer, GetParam().pointer);
    auto const reply = vietqr::rail().refused(message.error());
    EXPECT_EQ(reply.status, 400) << "the provider must not send it again";
    auto const body = json::parse(reply.body);
    EXPECT_EQ(body.at("error"), true);
    EXPECT_EQ(body.at("errorReason"), errc_name(GetParam().code));
    EXPECT_TRUE(body.at("object").is_null());
}

INSTANTIATE_TEST_SUITE_P(Rows, VietqrRefuses, testing::ValuesIn(refused), [](auto const& i) { return std::string(i.param.name); });

struct BadToken {
    char const* name;
    std::string header;
};

std::string const good = vietqr::make_token(secret, now);

BadToken const bad_tokens[] = {
    {"none", ""},
    {"empty", "Bearer "},
    {"basic", "Basic " + to_base64("cho-bai-chay:mat khau dai")},
    {"the_secret_itself", "Bearer cho-bai-chay:mat khau dai"},
    {"of_another_account", "Bearer " + vietqr::make_token(RailSecret("other:secret"), now)},
    {"prolonged", "Bearer 9999999999" + good.substr(good.find('.'))},
    {"without_signature", "Bearer " + good.substr(0, good.find('.') + 1)},
    {"without_dot", "Bearer 1795317331"},
};

class VietqrToken : public testing::TestWithParam<BadToken> {};

TEST_P(VietqrToken, IsCheckedBeforeTheBodyIsLookedAt)
{
    auto n = push("this is not JSON");
    n.headers = {{"Authorization", GetParam().header}};
    auto const message = vietqr::rail().read(n, secret);
    ASSERT_FALSE(message);
    EXPECT_EQ(message.error().code, Errc::bad_token);
    EXPECT_EQ(vietqr::rail().refused(message.error()).status, 401) << "the provider fetches a new token and tries again";
}

INSTANTIATE_TEST_SUITE_P(Rows, VietqrToken, testing::ValuesIn(bad_tokens), [](auto const& i) { return std::string(i.param.name); });

TEST(VietqrToken, EndsByItself)
{
    EXPECT_TRUE(vietqr::rail().read(push(vietqr::sync_body(sale()), now + vietqr::token_lifetime - 1s), secret));
    EXPECT_EQ(vietqr::rail().read(push(vietqr::sync_body(sale()), now + vietqr::token_lifetime), secret).error().code, Errc::bad_token);
}

TEST(VietqrToken, IsGivenForTheRightCredentialsOnly)
{
    RawNotification ask;
    ask.received_at = now;
    ask.body = "{}";
    ask.headers = {{"Authorization", vietqr::basic_authorization(secret)}};
    auto const given = vietqr::token_reply(ask, secret);
    EXPECT_EQ(given.status, 200);
    auto const body = json::parse(given.body);
    EXPECT_EQ(body.at("token_type"), "Bearer");
    EXPECT_EQ(body.at("expires_in"), 59);
    EXPECT_TRUE(vietqr::is_token_valid(body.at("access_token").get<std::string>(), secret, now + 59s));

    for (auto const* header : {"", "Basic", "Basic !!!!", "Bearer x", "Basic Y2hvOng="}) {
        ask.headers = {{"Authorization", header}};
        EXPECT_EQ(vietqr::token_reply(ask, secret).status, 401) << header;
    }
}

TEST(VietqrToken, MayBeTheSecretWhenLookingAtCaptures)
{
    RailSecret captured("eyJhbGciOi");
    captured.is_the_token_itself = true;
    auto n = push(vietqr::sync_body(sale()));
    n.headers = {{"Authorization", "bearer eyJhbGciOi"}};
    EXPECT_TRUE(vietqr::rail().read(n, captured));
    n.headers = {{"Authorization", "Bearer eyJhbGciOj"}};
    EXPECT_EQ(vietqr::rail().read(n, captured).error().code, Errc::bad_token);
}

TEST(Vietqr, RepliesAsPrescribed)
{
    auto const accepted = vietqr::rail().accepted(Taken(Outcome::recorded, "crd_1"));
    EXPECT_EQ(accepted.status, 200);
    EXPECT_EQ(
        json::parse(accepted.body),
        json::parse(R"({"error":false,"errorReason":null,"toastMessage":"Đã nhận giao dịch","object":{"reftransactionid":"crd_1"}})"));
    EXPECT_EQ(vietqr::rail().refused(Error(Errc::queue_full, "later")).status, 503);
    EXPECT_EQ(vietqr::rail().refused(Error(Errc::stale, "23514 violates check constraint")).body.find("constraint"), std::string::npos);
    EXPECT_EQ(vietqr::rail().refused(Error(Errc::unknown_receiving_account, "not ours")).status, 400);
}

TEST(Vietqr, RefundChecksumIsThePublishedOne)
{
    vietqr::RefundOrder const order{"FT26032512345", Dong(50000), "0123456789"};
    EXPECT_EQ(vietqr::refund_checksum(order, Secret("SECRET")), "5927b853a7c38d01b0fcbbdfeca84352");
}

TEST(Rails, AreFoundByName)
{
    EXPECT_EQ(find_rail("payos")->name(), "payos");
    EXPECT_EQ(find_rail("vietqr")->name(), "vietqr");
    EXPECT_EQ(find_rail("PAYOS"), nullptr);
}

RC_GTEST_PROP(Vietqr, SurvivesAnything, (std::string const& bytes))
{
    (void)vietqr::rail().read(push(bytes), secret);
    (void)vietqr::is_token_valid(bytes, secret, now);
}

}  // namespace
}  // namespace cho40::rails
