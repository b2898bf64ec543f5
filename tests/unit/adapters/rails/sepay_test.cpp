#include "adapters/rails/providers/sepay.h"
#include "tests/unit/adapters/rails/cases.h"
#include <rapidcheck/gtest.h>

namespace cho40::rails::tests_ {
namespace {

RailSecret const secret("hmac:whsec_demo");

std::string const published =
    R"({"id":92704,"gateway":"Vietcombank","transactionDate":"2026-03-25 14:02:37","accountNumber":"0123499999","code":null,)"
    R"("content":"CQ7K2M4X tien ca","transferType":"in","transferAmount":50000,"accumulated":1905000,"subAccount":null,)"
    R"("referenceCode":"MBVCB.3278907687","description":""})";
constexpr auto published_time = "1774422157";
constexpr auto published_signature = "e9d9a2c8dd731d0bff8765c78569f3c6c15b8d6c9aab4395af5fbf74942ae676";

RawNotification signed_now(json const& body)
{
    RawNotification raw;
    raw.body = body.dump();
    raw.received_at = now;
    raw.headers = {{"X-SePay-Timestamp", "1795317331"},
                   {"X-SePay-Signature", "sha256=" + sepay::signature("1795317331", raw.body, "whsec_demo")}};
    return raw;
}

RawNotification sale_with(char const* name, json value)
{
    return signed_now(with(json::parse(sepay::notification(sale("sepay", "92704"), secret, now).body), name, std::move(value)));
}

RawNotification published_call()
{
    RawNotification raw;
    raw.body = published;
    raw.headers = {{"X-SePay-Timestamp", published_time}, {"x-sepay-signature", std::string("sha256=") + published_signature}};
    raw.received_at = *parse_rfc3339("2026-03-25T07:02:40Z");
    return raw;
}

TEST(Sepay, TheConstructedCheckVerifies)
{
    ASSERT_EQ(published.size(), 281u);
    EXPECT_EQ(sepay::signature(published_time, published, "whsec_demo"), published_signature);
    auto const message = sepay::rail().read(published_call(), secret);
    ASSERT_TRUE(message) << message.error().detail;
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.rail, "sepay");
    EXPECT_EQ(credit.provider_id, "92704");
    EXPECT_EQ(credit.account_number, "0123499999");
    EXPECT_EQ(credit.amount, Dong(50000));
    EXPECT_EQ(credit.direction, qr_pay::Direction::in);
    EXPECT_EQ(credit.memo, "CQ7K2M4X tien ca");
    EXPECT_EQ(credit.bank_reference, "MBVCB.3278907687");
    EXPECT_EQ(credit.balance, Dong(1905000));
    EXPECT_EQ(credit.virtual_account, "");
    EXPECT_EQ(credit.order_code, "");
    EXPECT_EQ(to_rfc3339(credit.booked_at), "2026-03-25T07:02:37.000Z");
    ASSERT_TRUE(message->signed_at);
    EXPECT_EQ(to_rfc3339(message->signed_at->at), "2026-03-25T07:02:37.000Z");
    EXPECT_TRUE(check_clock(*message, published_call().received_at));
}

TEST(Sepay, WhatTheProviderSendsIsReadAsItWasMeant)
{
    auto told = sale("sepay", "92705");
    told.direction = qr_pay::Direction::out;
    told.virtual_account = "VQRQ0001";
    auto const message = sepay::rail().read(sepay::notification(told, secret, now), secret);
    ASSERT_TRUE(message) << message.error().detail;
    auto const& credit = message->transfers.at(0);
    EXPECT_EQ(credit.direction, qr_pay::Direction::out);
    EXPECT_EQ(credit.amount, told.amount);
    EXPECT_EQ(credit.booked_at, told.booked_at);
    EXPECT_EQ(credit.memo, told.memo);
    EXPECT_EQ(credit.virtual_account, told.virtual_account);
    EXPECT_EQ(credit.order_code, told.order_code);
    EXPECT_EQ(credit.balance, std::nullopt) << "0 is what SePay says when it does not know";
}

TEST(Sepay, TheBanksTextStandsInForAMissingMemo)
{
    auto body = json::parse(sepay::notification(sale("sepay", "1"), secret, now).body);
    body["content"] = nullptr;
    body["description"] = "BankAPINotify CQ7K2M4X7";
    EXPECT_EQ(sepay::rail().read(signed_now(body), secret)->transfers.at(0).memo, "BankAPINotify CQ7K2M4X7");
}

RawNotification changed(char const* header, std::string value)
{
    auto raw = sepay::notification(sale("sepay", "92704"), secret, now);
    set_header(raw, header, std::move(value));
    return raw;
}

RawNotification tampered(std::string from, std::string to)
{
    auto raw = sepay::notification(sale("sepay", "92704"), secret, now);
    raw.body.replace(raw.body.find(from), from.size(), to);
    return raw;
}

RawNotification upper_signature()
{
    auto raw = published_call();
    for (char& c : raw.headers[1].second) {
        if (c >= 'a' && c <= 'f' && &c >= &raw.headers[1].second[7]) c = static_cast<char>(c - 32);
    }
    return raw;
}

TEST(Sepay, HexInEitherCase) { EXPECT_TRUE(sepay::rail().read(upper_signature(), secret)); }

std::string const stamp = "#header/X-SePay-Timestamp";
std::string const signature_place = "#header/X-SePay-Signature";
Refused const refused[] = {
    {"no_signature", changed("X-SePay-Signature", ""), Errc::bad_signature, signature_place},
    {"signature_without_its_kind", changed("X-SePay-Signature", sepay::signature("1795317331", "", "whsec_demo")), Errc::bad_signature,
     signature_place},
    {"no_timestamp", changed("X-SePay-Timestamp", ""), Errc::bad_signature, stamp},
    {"timestamp_no_number", changed("X-SePay-Timestamp", "+1795317331"), Errc::bad_signature, stamp},
    {"timestamp_too_long", changed("X-SePay-Timestamp", "179531733100"), Errc::bad_signature, stamp},
    {"timestamp_changed", changed("X-SePay-Timestamp", "1795317332"), Errc::bad_signature, signature_place},
    {"amount_tampered", tampered("45000", "450000"), Errc::bad_signature, signature_place},
    {"space_added", tampered(":45000", ": 45000"), Errc::bad_signature, signature_place},
    {"key_instead_of_signature", changed("X-SePay-Signature", "sha256=whsec_demo"), Errc::bad_signature, signature_place},
    {"not_an_object", signed_now(json::array({1})), Errc::invalid_json, ""},
    {"id_text", sale_with("id", "92704"), Errc::wrong_type, "/id"},
    {"no_id", sale_with("id", left_out), Errc::required, "/id"},
    {"amount_zero", sale_with("transferAmount", 0), Errc::amount_not_positive, "/transferAmount"},
    {"amount_negative", sale_with("transferAmount", -45000), Errc::amount_not_positive, "/transferAmount"},
    {"amount_text", sale_with("transferAmount", "45000"), Errc::wrong_type, "/transferAmount"},
    {"amount_as_double", sale_with("transferAmount", 45000.5), Errc::invalid_json, ""},
    {"amount_huge", sale_with("transferAmount", 10'000'000'000'000), Errc::amount_overflow, "/transferAmount"},
    {"direction", sale_with("transferType", "both"), Errc::unknown_value, "/transferType"},
    {"no_account", sale_with("accountNumber", ""), Errc::required, "/accountNumber"},
    {"time", sale_with("transactionDate", "25/03/2026"), Errc::invalid_date, "/transactionDate"},
    {"currency", sale_with("currency", "USD"), Errc::currency_not_vnd, "/currency"},
    {"memo_of_501", sale_with("content", std::string(501, 'a')), Errc::text_too_long, "/content"},
    {"balance_text", sale_with("accumulated", "many"), Errc::wrong_type, "/accumulated"},
};
class SepayRefuses : public testing::TestWithParam<Refused> {};
TEST_P(SepayRefuses, WithAStableCodeAndThePlace) { expect_refused(sepay::rail(), GetParam(), secret); }
INSTANTIATE_TEST_SUITE_P(Rows, SepayRefuses, testing::ValuesIn(refused), name_of_row);

// The mode is part of the secret; one does not stand in for another.
TEST(Sepay, EachModeAcceptsItsOwnProofOnly)
{
    std::string const secrets[] = {"hmac:0123456789abcdef", "apikey:0123456789abcdef", "bearer:0123456789abcdef"};
    for (auto const& agreed : secrets) {
        for (auto const& used : secrets) {
            auto const raw = sepay::notification(sale("sepay", "1"), RailSecret(used), now);
            EXPECT_EQ(sepay::rail().read(raw, RailSecret(agreed)).has_value(), agreed == used) << agreed << " told as " << used;
        }
        auto bare = sepay::notification(sale("sepay", "1"), RailSecret("none"), now);
        EXPECT_FALSE(sepay::rail().read(bare, RailSecret(agreed)));
    }
    auto const wrong = sepay::notification(sale("sepay", "1"), RailSecret("apikey:another one"), now);
    EXPECT_EQ(sepay::rail().read(wrong, RailSecret(secrets[1])).error().code, Errc::bad_token);
}

TEST(Sepay, WithoutProofNothingIsAccepted)
{
    for (auto const* agreed : {"none", "", "hmac:", "apikey:", "bearer:", "0123456789abcdef"}) {
        auto raw = sepay::notification(sale("sepay", "1"), RailSecret("none"), now);
        EXPECT_FALSE(sepay::rail().is_secret(agreed)) << agreed;
        EXPECT_EQ(sepay::rail().read(raw, RailSecret(agreed)).error().code, Errc::bad_signature) << agreed;
        raw.headers.emplace_back("Authorization", "Apikey ");
        EXPECT_EQ(sepay::rail().read(raw, RailSecret(agreed)).error().code, Errc::bad_signature) << agreed;
    }
    EXPECT_TRUE(sepay::rail().is_secret("hmac:whsec_demo"));
    EXPECT_TRUE(sepay::rail().is_secret("apikey:0123456789abcdef"));
    EXPECT_TRUE(sepay::rail().is_secret("bearer:0123456789abcdef"));
}

// SePay is content with 200 and {"success":true} only, so everything else makes it try again; it signs each try anew.
TEST(Sepay, RepliesAsPrescribed)
{
    for (auto const outcome :
         {Outcome::recorded, Outcome::repeated, Outcome::order_settled, Outcome::order_unknown, Outcome::amount_differs}) {
        auto const reply = sepay::rail().accepted(Taken(outcome, "crd_x"));
        EXPECT_EQ(reply.status, 200);
        EXPECT_EQ(reply.body, R"({"success":true})");
    }
    EXPECT_EQ(status_of(sepay::rail(), Errc::bad_signature), 401);
    EXPECT_EQ(status_of(sepay::rail(), Errc::amount_overflow), 422);
    EXPECT_EQ(status_of(sepay::rail(), Errc::unavailable), 503);
    EXPECT_EQ(body_of(sepay::rail(), Errc::unavailable).at("success"), false);
    auto const again = sepay::notification(sale("sepay", "92704"), secret, now + 13min);
    EXPECT_EQ(sepay::rail().read(again, secret)->transfers[0].provider_id, "92704");
    EXPECT_NE(again.header("X-SePay-Signature"), sepay::notification(sale("sepay", "92704"), secret, now).header("X-SePay-Signature"));
}

RC_GTEST_PROP(Sepay, SurvivesAnything, (std::string const& bytes, std::string const& header))
{
    RawNotification raw;
    raw.body = bytes;
    raw.headers = {{"X-SePay-Timestamp", header}, {"X-SePay-Signature", header}, {"Authorization", header}};
    (void)sepay::rail().read(raw, secret);
    (void)sepay::rail().read(raw, RailSecret(bytes));
}

}  // namespace
}  // namespace cho40::rails::tests_
