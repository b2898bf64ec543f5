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

TEST(CliQr, EncodeWritesASignToPrint)
{
    std::string const sign =
        "qr encode --bin 970436 --account 1017595600 --stall 'Cá tươi Bà Thế' --alias 'Sạp 12' --market 'Chợ Hạ Long I' "
        "--printed-on 2026-09-22 --pdf - ";
    auto const a5 = run_cli(sign);
    EXPECT_EQ(a5.exit_code, 0) << a5.messages;
    EXPECT_EQ(a5.output.rfind("%PDF-", 0), 0u);
    EXPECT_EQ(run_cli(sign).output, a5.output);
    auto const a6 = run_cli(sign + "--size A6");
    EXPECT_EQ(a6.exit_code, 0) << a6.messages;
    EXPECT_NE(a6.output, a5.output);
    EXPECT_GT(run_cli(sign + "--merchant-id M0000123456 --name 'Ba The' --city 'Ha Long'").output.size(), a5.output.size());
    EXPECT_EQ(run_cli("qr encode --bin 970436 --account 1017595600 --pdf -").exit_code, 0);
    EXPECT_EQ(run_cli("qr encode --bin 970436 --account M0000123456 --service QRPUSH --name A --city B --pdf -").exit_code, 0);

    EXPECT_EQ(run_cli(sign + "--size A4").exit_code, 2);
    EXPECT_EQ(run_cli(sign + "--printed-on 22/09/2026").exit_code, 2);
    auto const cityless = run_cli(sign + "--merchant-id M0000123456");
    EXPECT_EQ(cityless.exit_code, 2);
    EXPECT_NE(cityless.messages.find("/city"), std::string::npos) << cityless.messages;
    EXPECT_EQ(run_cli("qr encode --bin 970436 --account 1 --service QRIBFTTC --pdf -").exit_code, 2) << "no card number on paper";
}

TEST(CliQr, CheckTellsWhoseCodeItIs)
{
    std::string const stall = "qr check --bin 970436 --account 1017595600 --memo 'SAP 12' ";
    auto const own = run_cli("qr encode --bin 970436 --account 1017595600 --memo 'SAP 12'").output;
    auto const right = run_cli(stall, own);
    EXPECT_EQ(right.exit_code, 0);
    EXPECT_EQ(right.output, "{\"verdict\":\"right_stall\",\"scheme\":\"VIETQR\",\"bin\":\"970436\",\"bank\":\"Vietcombank\","
                            "\"account\":\"1017595600\",\"service\":\"QRIBFTTA\",\"differences\":[]}\n");

    auto const fixed = run_cli(stall, run_cli("qr encode --bin 970436 --account 1017595600 --memo 'SAP 12' --amount 45000").output);
    EXPECT_EQ(fixed.exit_code, 1);
    EXPECT_EQ(json::parse(fixed.output).at("differences").at(0), json({{"what", "amount_fixed"}, {"value", "45000"}}));

    auto const both = run_cli(stall, run_cli("qr encode --bin 970422 --account 0123456789").output + "https://cho40.vn\n");
    EXPECT_EQ(both.exit_code, 1);
    auto const second = both.output.find('\n') + 1;
    EXPECT_EQ(json::parse(both.output.substr(0, second)).at("verdict"), "unknown_account");
    EXPECT_EQ(both.output.substr(second),
              "{\"verdict\":\"not_a_payment_code\",\"error\":\"tlv_malformed\",\"crc_ok\":false,\"differences\":[]}\n");

    auto const merchant = run_cli("qr encode --bin 970415 --account M0000123456 --service QRPUSH --name A --city B").output;
    EXPECT_EQ(run_cli(stall, merchant).exit_code, 1);
    EXPECT_EQ(run_cli(stall + "--merchant-id M0000123456 --merchant-bin 970415", merchant).exit_code, 0);
    EXPECT_EQ(run_cli("qr check --bin 970436").exit_code, 2);
    EXPECT_EQ(run_cli("qr check --bin 97043 --account 1", own).exit_code, 2);
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
