#include "tests/unit/apps/cli/run_cli.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40 {
namespace {

using nlohmann::json;
using tests::run_cli;

TEST(CliQr, DecodeAnswersEachLineAndExitsOneWhenAnyIsInvalid)
{
    auto const good = run_cli("qr encode --bin 970422 --account 0123456789");
    EXPECT_EQ(good.exit_code, 0);
    EXPECT_EQ(good.output, "00020101021138540010A00000072701240006970422011001234567890208QRIBFTTA53037045802VN6304B1A7\n");

    EXPECT_EQ(run_cli("qr decode", good.output).exit_code, 0);
    auto const mixed = run_cli("qr decode", good.output + "\xff\n");
    EXPECT_EQ(mixed.exit_code, 1);
    auto const first = mixed.output.substr(0, mixed.output.find('\n'));
    EXPECT_EQ(json::parse(first).at("decoded").at("bin"), "970422");
    EXPECT_EQ(mixed.output.substr(first.size() + 1), "{\"valid\":false,\"decoded\":{\"error\":\"tlv_malformed\",\"crc_ok\":false}}\n");
}

TEST(CliQr, EncodeSaysWhatIsWrongAndWhere)
{
    auto const wrong = run_cli("qr encode --bin 97042 --account 1");
    EXPECT_EQ(wrong.exit_code, 2);
    EXPECT_EQ(wrong.output, "");
    EXPECT_NE(wrong.messages.find("/bin"), std::string::npos) << wrong.messages;
    EXPECT_EQ(run_cli("qr encode --bin 970422 --account 1 --amount 1.5").exit_code, 2);
    EXPECT_EQ(run_cli("qr encode --bin 970422 --account 1 --service QR").exit_code, 2);
    EXPECT_EQ(run_cli("qr encode --bin 970422").exit_code, 2);
    EXPECT_EQ(run_cli("qr encode --bin 970422 --account 1 --svg /nonexistent/x.svg").exit_code, 2);
    EXPECT_EQ(run_cli("qr encode --bin 970422 --account 1 --svg -").output.rfind("<svg", 0), 0u);
}

TEST(CliMemo, ExtractKnowsTheCodesOfTheFile)
{
    auto const answer = run_cli("memo extract --codes /dev/stdin 'IBFT cq7k2 m4x7' 'CQHN8R3TA'", "CQ7K2M4X7\n\n");
    EXPECT_EQ(answer.exit_code, 0);
    EXPECT_EQ(answer.output, "{\"result\":\"match\",\"code\":\"CQ7K2M4X7\"}\n{\"result\":\"none\"}\n");
    EXPECT_EQ(run_cli("memo extract", "CQ7K2M4X7 CQHN8R3TA\n").output,
              "{\"result\":\"ambiguous\",\"codes\":[\"CQ7K2M4X7\",\"CQHN8R3TA\"]}\n");
    EXPECT_EQ(run_cli("memo extract", "CQ7 K2M 4X7\n").output,
              "{\"result\":\"suggest\",\"code\":\"CQ7K2M4X7\",\"why\":\"the code is broken more than once\"}\n");
    EXPECT_EQ(run_cli("memo extract --codes /nonexistent").exit_code, 2);
}

std::string const vietqr_capture =
    "POST /bank/api/transaction-sync HTTP/1.1\r\nContent-Type: application/json\r\nauthorization: Bearer abc\r\n\r\n"
    R"({"bankaccount":"0123456789","amount":45000,"transType":"C","content":"CQ7K2M4X7 tien ca","transactionid":"tx-1",)"
    R"("transactiontime":1795317331000,"referencenumber":"FT26326123456"})";

TEST(CliRail, VerifyTellsAuthenticFromNot)
{
    auto const good = run_cli("rail verify vietqr --secret abc", vietqr_capture);
    EXPECT_EQ(good.exit_code, 0) << good.messages;
    auto const answer = json::parse(good.output);
    EXPECT_EQ(answer.at("authentic"), true);
    EXPECT_EQ(answer.at("transfer").at("amount"), 45000);
    EXPECT_EQ(answer.at("transfer").at("memo"), "CQ7K2M4X7 tien ca");

    auto const bad = run_cli("rail verify vietqr --secret abd", vietqr_capture);
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_EQ(json::parse(bad.output).at("authentic"), false);
    EXPECT_EQ(json::parse(bad.output).at("why"), "bad_token");
}

TEST(CliRail, VerifyRefusesWhatIsNotACapture)
{
    EXPECT_EQ(run_cli("rail verify nobody --secret x", vietqr_capture).exit_code, 2);
    EXPECT_EQ(run_cli("rail verify payos --secret x", "{}").exit_code, 2);
    EXPECT_EQ(run_cli("rail verify payos --secret x", "not a header\n\n{}").exit_code, 2);
    EXPECT_EQ(run_cli("rail verify payos --secret x", "\n{}").exit_code, 1);
}

}  // namespace
}  // namespace cho40
