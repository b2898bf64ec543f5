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

// "zbarimg … | cho40 qr check" over a picture without a code.
TEST(CliQr, NothingToReadIsNotWell)
{
    for (std::string const command : {"qr decode", "qr decode -", "qr check --bin 970436 --account 1017595600"}) {
        for (std::string const input : {"", "\n"}) {
            auto const nothing = run_cli(command, input);
            EXPECT_EQ(nothing.exit_code, 2) << command;
            EXPECT_EQ(nothing.output, "");
            EXPECT_EQ(nothing.messages, "cho40: there is no payload: standard input is empty\n");
        }
    }
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

TEST(CliMemo, AMistypedCodeOfTheFileMatchesNothing)
{
    auto const answer = run_cli("memo extract --codes /dev/stdin 'CQ7K2M4X8' 'CQHN8R3TA'", "\xEF\xBB\xBF"
                                                                                           "CQHN8R3TA\r\nCQ7K2M4X8\n");
    EXPECT_EQ(answer.exit_code, 0);
    EXPECT_EQ(answer.output, "{\"result\":\"none\"}\n{\"result\":\"match\",\"code\":\"CQHN8R3TA\"}\n");
    EXPECT_NE(answer.messages.find("line 2: "), std::string::npos) << answer.messages;
    EXPECT_EQ(answer.messages.find("line 1: "), std::string::npos) << answer.messages;
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

std::string const sepay_capture =
    "X-SePay-Timestamp: 1774422157\nX-SePay-Signature: sha256=e9d9a2c8dd731d0bff8765c78569f3c6c15b8d6c9aab4395af5fbf74942ae676\n\n"
    R"({"id":92704,"gateway":"Vietcombank","transactionDate":"2026-03-25 14:02:37","accountNumber":"0123499999","code":null,)"
    R"("content":"CQ7K2M4X tien ca","transferType":"in","transferAmount":50000,"accumulated":1905000,"subAccount":null,)"
    R"("referenceCode":"MBVCB.3278907687","description":""})";

// A capture is from the past: its time is judged only against a moment that is given.
TEST(CliRail, VerifyJudgesTheTimeOnlyWhenToldWhenItCame)
{
    auto const old = run_cli("rail verify sepay --secret hmac:whsec_demo", sepay_capture);
    EXPECT_EQ(old.exit_code, 0) << old.messages;
    auto const answer = json::parse(old.output);
    EXPECT_EQ(answer.at("transfer").at("balance"), 1905000);
    EXPECT_EQ(answer.at("signed_at"), "2026-03-25T07:02:37.000Z");
    EXPECT_EQ(answer.at("time_judged"), false);

    auto const fresh = run_cli("rail verify sepay --secret hmac:whsec_demo --at 2026-03-25T14:07:37+07:00", sepay_capture);
    EXPECT_EQ(fresh.exit_code, 0) << fresh.output;
    EXPECT_EQ(json::parse(fresh.output).at("time_judged"), true);
    for (auto const* at : {"2026-03-25T07:07:38Z", "2026-03-25T06:57:36Z"}) {
        auto const wrong = run_cli(std::string("rail verify sepay --secret hmac:whsec_demo --at ") + at, sepay_capture);
        EXPECT_EQ(wrong.exit_code, 1) << at;
        EXPECT_EQ(json::parse(wrong.output).at("authentic"), false);
        EXPECT_EQ(json::parse(wrong.output).at("where"), "#header/X-SePay-Timestamp");
    }
    EXPECT_EQ(run_cli("rail verify sepay --secret hmac:whsec_demo --at yesterday", sepay_capture).exit_code, 2);
    EXPECT_EQ(run_cli("rail verify sepay --secret none", sepay_capture).exit_code, 1);
}

TEST(CliRail, VerifyTakesAQueryOfVnpayInEveryFormItIsFoundIn)
{
    std::string const query =
        "vnp_Amount=1000000&vnp_BankCode=NCB&vnp_BankTranNo=VNP14422574&vnp_CardType=ATM&vnp_OrderInfo=Thanh+toan+don+hang+"
        "2024-05-21T02%3A17%3A31.249Z&vnp_PayDate=20240521091806&vnp_ResponseCode=00&vnp_TmnCode=TEST_TMN_CODE&"
        "vnp_TransactionNo=14422574&vnp_TransactionStatus=00&vnp_TxnRef=1716257871703&vnp_SecureHash="
        "649982421beb422556a1374713c74e58e716ecbd05007c0c0e1f7effdfaf361dbf146889ca446139afe11b9954c4d5c486e99e3b86fcfab6957f29eb0be72895";
    std::string const address = "/rails/vnpay/rla_x?" + query;
    for (auto const& capture : {query, query + "\n", "?" + query, "https://cho.vn" + address, "GET " + address + " HTTP/1.1",
                                "GET " + address + " HTTP/1.1\r\nHost: cho.vn\r\n\r\n"}) {
        auto const good = run_cli("rail verify vnpay --secret test_secret", capture);
        EXPECT_EQ(good.exit_code, 0) << capture << good.output << good.messages;
        auto const answer = json::parse(good.output);
        EXPECT_EQ(answer.at("transfer").at("amount"), 10000);
        EXPECT_EQ(answer.at("signed_at"), nullptr);
    }
    auto const bad = run_cli("rail verify vnpay --secret another", query);
    EXPECT_EQ(bad.exit_code, 1);
    EXPECT_EQ(json::parse(bad.output).at("why"), "bad_signature");
}

TEST(CliRail, VerifyTellsSeveralTransfersAndProbes)
{
    auto const rows = run_cli(
        "rail verify casso --secret v1:0123456789",
        "secure-token: 0123456789\n\n"
        R"({"error":0,"data":[{"id":7,"tid":"FT1","description":"a","amount":45000,"when":"2026-11-22 10:15:00","bank_sub_acc_id":"1"},)"
        R"({"id":8,"tid":"FT2","description":"b","amount":-1000,"when":"2026-11-22 10:15:01","bank_sub_acc_id":"1"}]})");
    EXPECT_EQ(rows.exit_code, 0) << rows.output << rows.messages;
    EXPECT_EQ(json::parse(rows.output).at("transfers").at(1).at("direction"), "out");
    EXPECT_FALSE(json::parse(rows.output).contains("probe"));
}

TEST(CliRail, VerifyTakesASecretAsItIsPrintedAndTellsTheFormOfAnother)
{
    auto const bare = run_cli("rail verify sepay --secret whsec_demo", sepay_capture);
    EXPECT_EQ(bare.exit_code, 0) << bare.messages;
    EXPECT_EQ(bare.output, run_cli("rail verify sepay --secret hmac:whsec_demo", sepay_capture).output);
    for (std::string const command :
         {"sepay --secret hmac:", "sepay --secret ''", "momo --secret SK_DEMO", "momo --secret AK_DEMO:", "payos --secret ''"}) {
        auto const wrong = run_cli("rail verify " + command, sepay_capture);
        EXPECT_EQ(wrong.exit_code, 2) << command;
        EXPECT_EQ(wrong.output, "");
        EXPECT_NE(wrong.messages.find("--secret of "), std::string::npos) << wrong.messages;
    }
    EXPECT_NE(run_cli("rail verify momo --secret SK_DEMO", sepay_capture).messages.find("accessKey:secretKey"), std::string::npos);
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
