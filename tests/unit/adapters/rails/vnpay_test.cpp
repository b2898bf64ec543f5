#include "adapters/rails/providers/vnpay.h"
#include "adapters/rails/query.h"
#include "base/digest.h"
#include "tests/unit/adapters/rails/cases.h"
#include <rapidcheck/gtest.h>

namespace cho40::rails::tests_ {
namespace {

RailSecret const secret("test_secret");
using Query = std::map<std::string, std::string>;

std::string const published =
    "vnp_Amount=1000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14422574&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+don+hang+"
    "2024-05-21T02%3A17%3A31.249Z&vnp_PayDate=20240521091806&vnp_ResponseCode=00&vnp_TmnCode=TEST_TMN_CODE&"
    "vnp_TransactionNo=14422574&vnp_TransactionStatus=00&vnp_TxnRef=1716257871703";
std::string const published_hash =
    "649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361dbf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895";

RawNotification call(std::string query)
{
    RawNotification raw;
    raw.received_at = now;
    raw.query = std::move(query);
    return raw;
}

Query sale_query()
{
    auto query = *parse_query(vnpay::notification(sale("vnpay", "14422574", "CHOBAICHAY"), secret, now).query);
    query.erase("vnp_SecureHash");
    return query;
}

RawNotification signed_call(Query const& query)
{
    auto const text = vnpay::canonical(query);
    return call(text + "&vnp_SecureHash=" + hmac_sha512_hex("test_secret", text));
}

RawNotification sale_with(char const* name, std::string value)
{
    auto query = sale_query();
    query[name] = std::move(value);
    return signed_call(query);
}

TEST(Vnpay, ThePublicFixtureVerifies)
{
    EXPECT_EQ(vnpay::canonical(*parse_query(published)), published);
    EXPECT_EQ(hmac_sha512_hex("test_secret", published), published_hash);
    auto const message = vnpay::rail().read(call(published + "&vnp_SecureHashType=SHA512&vnp_SecureHash=" + published_hash), secret);
    ASSERT_TRUE(message) << message.error().detail;
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.rail, "vnpay");
    EXPECT_EQ(credit.amount, Dong(10000)) << "VNPAY tells hundredths";
    EXPECT_EQ(credit.account_number, "TEST_TMN_CODE");
    EXPECT_EQ(credit.provider_id, "14422574/1716257871703");
    EXPECT_EQ(credit.provider_order, "1716257871703");
    EXPECT_EQ(credit.order_code, "");
    EXPECT_EQ(credit.memo, "Thanh toan don hang 2024-05-21T02:17:31.249Z");
    EXPECT_EQ(credit.payer_bank, "NCB");
    EXPECT_EQ(credit.bank_reference, "");
    EXPECT_EQ(to_rfc3339(credit.booked_at), "2024-05-21T02:18:06.000Z");
    EXPECT_FALSE(message->signed_at);
}

TEST(Vnpay, OrderOfMembersAndCaseOfTheHashDoNotMatter)
{
    std::string upper = published_hash;
    for (char& c : upper) c = static_cast<char>(std::toupper(c));
    auto const at = published.find("&vnp_TmnCode");
    EXPECT_TRUE(
        vnpay::rail().read(call("vnp_SecureHash=" + upper + published.substr(at) + "&vnp_Nothing=&" + published.substr(0, at)), secret));
}

TEST(Vnpay, WhatTheProviderSendsIsReadAsItWasMeant)
{
    auto const told = sale("vnpay", "14422574", "CHOBAICHAY");
    auto const message = vnpay::rail().read(vnpay::notification(told, secret, now), secret);
    ASSERT_TRUE(message) << message.error().detail;
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.amount, told.amount);
    EXPECT_EQ(credit.booked_at, told.booked_at);
    EXPECT_EQ(credit.memo, told.memo);
    EXPECT_EQ(credit.account_number, "CHOBAICHAY");
    EXPECT_EQ(credit.order_code, "CQ7K2M4X7");
}

TEST(Vnpay, APaymentThatFailedIsAuthenticAndMovesNothing)
{
    for (auto const& raw : {vnpay::notification(sale("vnpay", "1", "CHOBAICHAY"), secret, now, "24"),
                            sale_with("vnp_TransactionStatus", "02"), sale_with("vnp_ResponseCode", "07")}) {
        auto const message = vnpay::rail().read(raw, secret);
        ASSERT_TRUE(message) << message.error().detail;
        EXPECT_TRUE(message->transfers.empty());
    }
}

RawNotification tampered(std::string from, std::string to)
{
    auto raw = vnpay::notification(sale("vnpay", "14422574", "CHOBAICHAY"), secret, now);
    raw.query.replace(raw.query.find(from), from.size(), to);
    return raw;
}

std::string const hash_place = "#query/vnp_SecureHash";
Refused const refused[] = {
    {"nothing", call(""), Errc::bad_signature, hash_place},
    {"no_hash", call(published), Errc::bad_signature, hash_place},
    {"empty_hash", call(published + "&vnp_SecureHash="), Errc::bad_signature, hash_place},
    {"amount_tampered", tampered("vnp_Amount=4500000", "vnp_Amount=4500001"), Errc::bad_signature, hash_place},
    {"member_added", tampered("vnp_TmnCode", "vnp_A=1&vnp_TmnCode"), Errc::bad_signature, hash_place},
    {"failure_made_success", call([] {
         auto raw = vnpay::notification(sale("vnpay", "1", "CHOBAICHAY"), secret, now, "24").query;
         return raw.replace(raw.find("vnp_ResponseCode=24"), 19, "vnp_ResponseCode=00");
     }()),
     Errc::bad_signature, hash_place},
    {"hash_of_raw_values", call("vnp_OrderInfo=a+b&vnp_SecureHash=" + hmac_sha512_hex("test_secret", "vnp_OrderInfo=a b")),
     Errc::bad_signature, hash_place},
    {"name_twice", tampered("vnp_TmnCode", "vnp_Amount=100&vnp_TmnCode"), Errc::malformed_request, "#query"},
    {"broken_escape", call("vnp_Amount=%4"), Errc::malformed_request, "#query"},
    {"not_utf8", call("vnp_OrderInfo=%ff"), Errc::invalid_utf8, "#query"},
    {"too_long", call(std::string(query_bytes_max + 1, 'a')), Errc::uri_too_long, "#query"},
    {"no_response_code", sale_with("vnp_ResponseCode", ""), Errc::required, "#query/vnp_ResponseCode"},
    {"no_amount", sale_with("vnp_Amount", ""), Errc::required, "#query/vnp_Amount"},
    {"amount_zero", sale_with("vnp_Amount", "0"), Errc::amount_not_positive, "#query/vnp_Amount"},
    {"amount_negative", sale_with("vnp_Amount", "-4500000"), Errc::wrong_type, "#query/vnp_Amount"},
    {"amount_as_double", sale_with("vnp_Amount", "4500000.0"), Errc::wrong_type, "#query/vnp_Amount"},
    {"amount_with_hundredths", sale_with("vnp_Amount", "4500001"), Errc::wrong_type, "#query/vnp_Amount"},
    {"amount_huge", sale_with("vnp_Amount", "1000000000000000"), Errc::amount_overflow, "#query/vnp_Amount"},
    {"amount_beyond_64_bits", sale_with("vnp_Amount", "99999999999999999900"), Errc::wrong_type, "#query/vnp_Amount"},
    {"no_merchant", sale_with("vnp_TmnCode", ""), Errc::required, "#query/vnp_TmnCode"},
    {"no_order", sale_with("vnp_TxnRef", " "), Errc::required, "#query/vnp_TxnRef"},
    {"time", sale_with("vnp_PayDate", "20261322101500"), Errc::invalid_date, "#query/vnp_PayDate"},
    {"time_of_another_form", sale_with("vnp_PayDate", "2026-11-22 10:15"), Errc::invalid_date, "#query/vnp_PayDate"},
    {"currency", sale_with("vnp_CurrCode", "USD"), Errc::currency_not_vnd, "#query/vnp_CurrCode"},
    {"memo_of_501", sale_with("vnp_OrderInfo", std::string(501, 'a')), Errc::text_too_long, "#query/vnp_OrderInfo"},
};
class VnpayRefuses : public testing::TestWithParam<Refused> {};
TEST_P(VnpayRefuses, WithAStableCodeAndThePlace) { expect_refused(vnpay::rail(), GetParam(), secret); }
INSTANTIATE_TEST_SUITE_P(Rows, VnpayRefuses, testing::ValuesIn(refused), name_of_row);

TEST(Vnpay, TheHashOfAnotherSecretIsRefused)
{
    auto const raw = vnpay::notification(sale("vnpay", "1", "CHOBAICHAY"), RailSecret("another secret"), now);
    EXPECT_EQ(vnpay::rail().read(raw, secret).error().code, Errc::bad_signature);
}

TEST(Vnpay, RepliesAsPrescribed)
{
    auto const code = [](Outcome outcome) {
        auto const reply = vnpay::rail().accepted(Taken(outcome, "crd_x"));
        EXPECT_EQ(reply.status, 200);
        return json::parse(reply.body).at("RspCode").get<std::string>();
    };
    EXPECT_EQ(code(Outcome::recorded), "00");
    EXPECT_EQ(code(Outcome::repeated), "02");
    EXPECT_EQ(code(Outcome::order_settled), "02");
    EXPECT_EQ(code(Outcome::order_unknown), "01");
    EXPECT_EQ(code(Outcome::amount_differs), "04");
    auto const refusal = [](Errc why) {
        EXPECT_EQ(status_of(vnpay::rail(), why), 200);
        return body_of(vnpay::rail(), why).at("RspCode").get<std::string>();
    };
    EXPECT_EQ(refusal(Errc::bad_signature), "97");
    EXPECT_EQ(refusal(Errc::unavailable), "99");
    EXPECT_EQ(refusal(Errc::amount_overflow), "99");
    EXPECT_EQ(vnpay::rail().accepted(Taken()).body, R"({"Message":"Confirm Success","RspCode":"00"})");
}

TEST(Query, IsEncodedAsAForm)
{
    EXPECT_EQ(form_encode("a b:c/~*'()!-_.9Zđ"), "a+b%3Ac%2F%7E%2A%27%28%29%21-_.9Z%C4%91");
    EXPECT_EQ(parse_query("a=1+2&b&c=%2B")->at("a"), "1 2");
    EXPECT_EQ(parse_query("a=1+2&b&c=%2B")->at("c"), "+");
}

RC_GTEST_PROP(Query, ComesBackAsItWas, (std::string const& bytes))
{
    RC_PRE(!bytes.empty());
    auto const text = form_encode(bytes);
    auto const back = parse_query("a=" + text);
    if (back) RC_ASSERT(back->at("a") == bytes);
}

RC_GTEST_PROP(Vnpay, SurvivesAnything, (std::string const& bytes)) { (void)vnpay::rail().read(call(bytes), secret); }

}  // namespace
}  // namespace cho40::rails::tests_
