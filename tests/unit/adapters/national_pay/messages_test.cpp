#include "adapters/national_pay/checksum.h"
#include "adapters/national_pay/fields.h"
#include "adapters/national_pay/messages.h"
#include "base/text.h"
#include "tests/unit/adapters/national_pay/payment_for_tests.h"
#include "tests/unit/fees/notice_for_tests.h"
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>

namespace cho40::national_pay {
namespace {

using fees::NationalOpening;
using fees::NationalResult;
using nlohmann::json;

fees::FeeNotice notice()
{
    auto draft = fees::draft_of({});
    for (auto const& [kind, code, due] :
         {std::tuple(fees::FeeKind::phi, "PHI-1", 100'000), std::tuple(fees::FeeKind::le_phi, "LP-1", 35'000)}) {
        fees::Assessment line{};
        line.fee_code = code;
        line.kind = kind;
        line.name_vi = std::string("Khoản ") + code;
        line.due = Dong(due);
        draft.lines.push_back(line);
    }
    draft.dossier_code = "H49.14-261122-0007";
    return draft;
}

json init(fees::FeeNotice const& n) { return json::parse(init_body(payment(), n, fees::RegisteredAgency{}, account)); }

// §4.1: fields joined by '|', the secret last, a plain hash.
TEST(NationalMessages, ChecksumsAreThoseOfTheProfile)
{
    EXPECT_EQ(init(notice())["MaXacThuc"], "358591604bc5ffd9d71e792950fc968acd478d11e16b6934bd5ebcd9e0e1e6ac");
    EXPECT_EQ(checksum({"CONFIRM", "00", "QN0001", "dvcH49142611220007261122093015", "135000", "VND", "PG20261122000123", "VCB",
                        "20261122093122", "THANH TOAN HO SO H49.14-261122-0007"},
                       Secret("demo-secret")),
              "52fbedd38ccde0fd10806b1053d9ca168dbf61d933c89078026170f2595fdf35");
    auto later = payment();
    later.sent_time = "20261122094500";
    EXPECT_EQ(json::parse(query_body(later, account))["MaXacThuc"], "61b03849593ce388684cd273e65fb4000f38f4f2c751758422363ed4e97ef8f8");
}

TEST(NationalMessages, InitSaysEveryFieldAndOneLineForEachFee)
{
    auto const body = init(notice());
    for (auto const& [name, value] : std::map<std::string, std::string>{{"LoaiBanTin", "INIT"},
                                                                        {"PhienBan", "1.0.6"},
                                                                        {"MaDoiTac", "QN0001"},
                                                                        {"SoTien", "135000"},
                                                                        {"LoaiHinhThanhToan", "PAY"},
                                                                        {"MaTienTe", "VND"},
                                                                        {"MaNganHang", "PAYMENT"},
                                                                        {"ThongTinGiaoDich", "THANH TOAN HO SO H49.14-261122-0007"},
                                                                        {"ThoiGianGD", "20261122093015"},
                                                                        {"Ip", "203.0.113.10"}}) {
        EXPECT_EQ(body[name], value) << name;
    }
    auto const& receipt = body["ThongTinBienLai"];
    EXPECT_EQ(receipt["MaDVC"], "2.001610.01");
    EXPECT_EQ(receipt["MaTTHC"], "2.001610");
    EXPECT_EQ(receipt["SoCMNDNguoiNop"], "000000000");
    EXPECT_EQ(receipt["PhiLePhi"],
              json::parse(R"([{"LoaiPhiLePhi": "PHI", "MaPhiLePhi": "PHI-1", "TenPhiLePhi": "Khoản PHI-1", "SoTien": "100000"},
                              {"LoaiPhiLePhi": "LEPHI", "MaPhiLePhi": "LP-1", "TenPhiLePhi": "Khoản LP-1", "SoTien": "35000"}])"));
    EXPECT_EQ(receipt["DSKhoanNop"].size(), 2u);
    EXPECT_EQ(init_body(payment(), notice(), fees::RegisteredAgency{}, account).find("demo-secret"), std::string::npos);
}

TEST(NationalMessages, NamesAreCutBetweenCharacters)
{
    auto draft = notice();
    std::string name;
    for (int i = 0; i < 300; ++i) name += "ế";
    draft.procedure_name_vi = name;
    auto const written = init(draft)["ThongTinBienLai"]["TenTTHC"].get<std::string>();
    EXPECT_TRUE(is_valid_utf8(written));
    EXPECT_EQ(count_code_points(written), 250u);
    EXPECT_EQ(cut("abc", 3), "abc");
    EXPECT_EQ(cut("abế", 2), "ab");
    EXPECT_EQ(cut("", 2), "");
}

TEST(NationalMessages, AmountsHave64Bits)
{
    auto big = payment();
    big.amount = Dong(9'999'999'999'999);
    EXPECT_EQ(json::parse(init_body(big, notice(), fees::RegisteredAgency{}, account))["SoTien"], "9999999999999");
}

TEST(NationalMessages, QuestionsRepeatTheStringOfInit)
{
    EXPECT_EQ(json::parse(query_body(payment(), account))["ThoiGianGD"], "20261122093015");
    EXPECT_EQ(json::parse(bill_body(payment(), account))["LoaiBanTin"], "GET_BILL");
}

TEST(NationalMessages, TimesHave24Hours)
{
    auto const at = read_time("20261122153122");
    ASSERT_TRUE(at);
    EXPECT_EQ(to_rfc3339(*at), "2026-11-22T08:31:22.000Z");
    EXPECT_EQ(write_time(*at), "20261122153122");
    for (auto const* wrong : {"", "2026112215312", "20261322153122", "20261122253122", "2026-11-22 15:3", "2026112215312a"})
        EXPECT_FALSE(read_time(wrong)) << wrong;
}

struct Opening {
    int status;
    char const* body;
    NationalOpening::Kind kind;
    char const* reason;
};

TEST(NationalMessages, AnOpeningIsReadOrNotKnown)
{
    using enum NationalOpening::Kind;
    for (auto const& row : {
             Opening{200, R"({"error_code":"0","message":"{\"UrlThanhToan\":\"https://pay.example/p/1\"}"})", opened, ""},
             Opening{200, R"({"error_code":0,"message":"{\"UrlThanhToan\":\"https://pay.example/p/1\"}"})", opened, ""},
             Opening{200, R"({"error_code":"12","message":"partner"})", refused, "12"},
             Opening{401, "no", refused, "http_401"},
             Opening{500, R"({"error_code":"0"})", no_answer, "http_500"},
             Opening{200, "<html>", no_answer, "unreadable"},
             Opening{200, R"({"message":"{}"})", no_answer, "unreadable"},
             Opening{200, R"({"error_code":"0","message":"{}"})", no_answer, "no_address"},
             Opening{200, R"({"error_code":"0","message":"not json"})", no_answer, "no_address"},
             Opening{200, R"({"error_code":"0","message":"{\"UrlThanhToan\":\"javascript:alert(1)\"}"})", no_answer, "no_address"},
             Opening{200, R"({"error_code":"0","message":"{\"UrlThanhToan\":\"http://pay.example/\"}"})", no_answer, "no_address"},
         }) {
        auto const read = read_opening(row.status, row.body);
        EXPECT_EQ(read.kind, row.kind) << row.body;
        EXPECT_EQ(read.reason, row.reason) << row.body;
        EXPECT_EQ(read.pay_url.empty(), row.kind != opened) << row.body;
    }
}

struct Query {
    int status;
    char const* body;
    NationalResult::Kind kind;
    char const* code;
};

TEST(NationalMessages, OnlyAClearAnswerEndsTheDoubt)
{
    using enum NationalResult::Kind;
    for (auto const& row : {
             Query{200, R"({"TrangThaiGD":"1"})", paid, "paid"},
             Query{200, R"({"TrangThaiGD":1,"MaThamChieu":"dvcH49142611220007261122093015","SoTien":"135000"})", paid, "paid"},
             Query{200, R"({"error_code":"0","message":"{\"TrangThaiGD\":\"1\"}"})", paid, "paid"},
             Query{200, R"({"TrangThaiGD":"3"})", unknown, "not_known_yet"},
             Query{200, R"({"TrangThaiGD":"4"})", failed, "failed_there"},
             Query{200, R"({"TrangThaiGD":"2"})", unknown, "2"},
             Query{200, R"({"TrangThaiGD":"1","SoTien":"1000"})", unknown, "differs"},
             Query{200, R"({"TrangThaiGD":"1","MaThamChieu":"dvcX"})", unknown, "differs"},
             Query{200, R"({"TrangThaiGD":"1","MaTienTe":"USD"})", unknown, "differs"},
             Query{200, R"({"TrangThaiGD":"1","TrangThaiGD":"4"})", unknown, "unreadable"},
             Query{200, "\xff\xfe", unknown, "unreadable"},
             Query{200, "", unknown, "unreadable"},
             Query{503, R"({"TrangThaiGD":"1"})", unknown, "http_503"},
         }) {
        auto const read = read_query(row.status, row.body, payment(), account);
        EXPECT_EQ(read.kind, row.kind) << row.body;
        EXPECT_EQ(read.code, row.code) << row.body;
    }
}

RC_GTEST_PROP(NationalMessages, GarbageIsNeverAPayment, (std::string const& bytes))
{
    RC_ASSERT(read_query(200, bytes, payment(), account).kind == NationalResult::Kind::unknown);
    RC_ASSERT(read_opening(200, bytes).kind == NationalOpening::Kind::no_answer);
}

TEST(NationalMessages, ABillIsAPdfOrNone)
{
    EXPECT_EQ(read_bill(200, "%PDF-1.4 x").bytes, "%PDF-1.4 x");
    EXPECT_EQ(read_bill(200, "<html>").reason, "not_a_pdf");
    EXPECT_EQ(read_bill(404, "%PDF-").reason, "http_404");
    EXPECT_EQ(read_bill(200, "%PDF-" + std::string(1024 * 1024, 'x')).reason, "too_large");
}

TEST(NationalMessages, PayersAreSentNowhereElse)
{
    for (auto const* good : {"https://pay.example", "https://pay.example/a?b=c", "http://127.0.0.1:8091/x", "http://localhost/x"})
        EXPECT_TRUE(is_safe_address(good)) << good;
    for (auto const* bad :
         {"", "https://", "http://pay.example", "https://user@pay.example/", "http://127.0.0.1.pay.example/", "//pay.example",
          "https://pay.example/\r\nSet-Cookie: a=b", "https://pay.example/ x", "http://localhost:80@pay.example/"})
        EXPECT_FALSE(is_safe_address(bad)) << bad;
}

}  // namespace
}  // namespace cho40::national_pay
