#include "adapters/rails/vietqr_refund.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::rails::vietqr {
namespace {

using qr_pay::RefundCallOutcome;

RefundCredentials credentials() { return {"cho40", Secret("word:with:colons"), Secret("SECRET")}; }

TEST(VietqrRefund, TheOrderAsTheProviderReadsIt)
{
    qr_pay::RefundCall call;
    call.bank_reference = "FT26032512345";
    call.bank_bin = "970422";
    call.account_number = "0123456789";
    call.amount = Dong(50'000);
    call.is_part = true;
    call.code = "CQ7K2M4X7";
    auto const body = nlohmann::json::parse(refund_body(call, credentials()));
    EXPECT_EQ(body["checkSum"], "5927b853a7c38d01b0fcbbdfeca84352");  // the check printed in the reference
    EXPECT_EQ(body["amount"], "50000");
    EXPECT_EQ(body["referenceNumber"], "FT26032512345");
    EXPECT_EQ(body["bankAccount"], "0123456789");
    EXPECT_EQ(body["multiTimes"], true);
    EXPECT_EQ(body["content"], "CQ7K2M4X7 HOAN TIEN");
}

TEST(VietqrRefund, OnlyAClearWordCounts)
{
    struct Case {
        int status;
        std::string_view body;
        RefundCallOutcome outcome;
    };
    Case const cases[] = {
        {200, R"({"status":"SUCCESS","message":"FT1"})", RefundCallOutcome::taken},
        {400, R"({"status":"FAILED","message":"E46"})", RefundCallOutcome::refused},
        {200, R"({"status":"FAILED","message":"E05"})", RefundCallOutcome::unknown},
        {400, R"({"status":"SUCCESS"})", RefundCallOutcome::unknown},
        {500, R"({"status":"FAILED"})", RefundCallOutcome::unknown},
        {200, R"({"status":1})", RefundCallOutcome::unknown},
        {200, R"(["SUCCESS"])", RefundCallOutcome::unknown},
        {200, "<html>SUCCESS</html>", RefundCallOutcome::unknown},
        {400, "", RefundCallOutcome::unknown},
    };
    for (auto const& c : cases) EXPECT_EQ(refund_outcome(c.status, c.body), c.outcome) << c.status << " " << c.body;
}

TEST(VietqrRefund, CredentialsAreReadBack)
{
    auto const back = refund_credentials_from(to_text(credentials()));
    ASSERT_TRUE(back.has_value());
    EXPECT_EQ(back->user, "cho40");
    EXPECT_EQ(back->password.expose(), "word:with:colons");
    EXPECT_EQ(back->key.expose(), "SECRET");
    EXPECT_EQ(refund_credentials_from(Secret("{}")).error().code, Errc::invalid_config);
    EXPECT_FALSE(token_in(401, R"({"access_token":"t"})").has_value());
    EXPECT_EQ(token_in(200, R"({"access_token":"t"})")->expose(), "t");
}

}  // namespace
}  // namespace cho40::rails::vietqr
