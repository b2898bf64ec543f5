#include "adapters/tax_gateway/inspect.h"
#include "tests/support/source_tree.h"
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace cho40::tax_gateway {
namespace {

std::string sample(std::string const& name)
{
    std::ifstream in(tests::test_data() / "etax" / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

TEST(Inspect, TellsWhatAFilingSays)
{
    auto const seen = *inspect(sample("03-hsothuedtu-01gtgt-htkk469-redacted.xml"));
    EXPECT_EQ(seen["message"], "filing");
    EXPECT_EQ(seen["taxpayer"]["tax_code"], "5709000030");
    EXPECT_EQ(seen["form"]["code"], "01");
    EXPECT_EQ(seen["version"]["layout"], "2.5.0");
    EXPECT_EQ(seen["period"]["period"], "2021-Q1");
    EXPECT_EQ(seen["type"], "C");
    EXPECT_EQ(seen["figures"]["GiaTriVaThueGTGTHHDVMuaVao/ct23"], 58495672);
    EXPECT_EQ(seen["figures"]["ct40b"], 0);
    EXPECT_FALSE(seen["figures"].contains("tieuMucHachToan"));
    EXPECT_EQ(seen["signatures"], 0);

    auto const signed_one = *inspect(sample("05-hsothuedtu-profile-rsa-sha256-resigned.xml"));
    EXPECT_EQ(signed_one["period"]["period"], "2021-01");
    EXPECT_EQ(signed_one["figures"]["ct36"], -11000000);
    EXPECT_EQ(signed_one["signatures"], 1);

    auto const household = *inspect(sample("01cnkd-tt50-example.xml"));
    EXPECT_EQ(household["figures"]["KhaiThueGTGTTNCN/TongCongCT18/tongCT14"], 9600000);
    EXPECT_EQ(household["figures"]["KhaiThueGTGTTNCN/KinhDoanhDiaDiemCoDinh/DoanhThuThueGTGTTNCN/CTietDoanhThu[2]/ct16"], 180000000);
}

TEST(Inspect, TellsWhatANoticeSays)
{
    auto const accepted = *inspect(sample("12-tbaothuedtu-844-accepted.xml"));
    EXPECT_EQ(accepted["state"], "accepted");
    EXPECT_EQ(accepted["filed_at"], "2026-04-20T01:58:40.983Z");
    auto const received = *inspect(sample("13-tbaothuedtu-843-received.xml"));
    EXPECT_EQ(received["state"], "received");
    EXPECT_TRUE(received["filed_at"].is_null());
}

TEST(Inspect, TellsWhatAnInvoiceMessageSays)
{
    auto const seen = *inspect(
        "<TDiep><TTChung><PBan>2.1.0</PBan><MNGui>V0107001729001</MNGui><MNNhan>TCT</MNNhan><MLTDiep>206</MLTDiep><MTDiep>V1</MTDiep><MST>022080000000</MST><SLuong>1</SLuong>"
        "</TTChung><DLieu Id=\"DLieu-1\"><HDon><DLHDon Id=\"1\"><TTChung><THDon>Hóa đơn bán hàng</THDon><KHMSHDon>2</KHMSHDon><KHHDon>C26MYY</KHHDon><SHDon>123</SHDon>"
        "<NLap>2026-09-15</NLap></TTChung><NDHDon><NBan><Ten>X</Ten><MST>022080000000</MST></NBan><TToan><TgTTTBSo>85000</TgTTTBSo></TToan></NDHDon></DLHDon>"
        "<MCCQT>M2-26-AB3CD-00000000123</MCCQT></HDon></DLieu><CKSNNT/></TDiep>");
    EXPECT_EQ(seen["kind"]["name"], "cash-register invoices");
    EXPECT_EQ(seen["invoices"][0]["total"], "85000");
    EXPECT_EQ(seen["invoices"][0]["authority_code"], "M2-26-AB3CD-00000000123");
    auto const answer = *inspect(
        "<TDiep><TTChung><MLTDiep>999</MLTDiep></TTChung><DLieu><TBao><TTTNhan>1</TTTNhan></TBao></DLieu></TDiep>");
    EXPECT_EQ(answer["states"]["TTTNhan"], "1");
}

TEST(Inspect, RefusesWhatItDoesNotKnow)
{
    EXPECT_EQ(inspect("<a/>").error().code, Errc::notice_unreadable);
    EXPECT_EQ(inspect("<HSoThueDTu/>").error().code, Errc::notice_unreadable);
    EXPECT_EQ(inspect("?").error().code, Errc::xml_malformed);
}

TEST(SameTaxpayer, IsAboutTheCodeAndNotItsSpelling)
{
    EXPECT_TRUE(is_same_taxpayer("0107001729-001", "0107001729001"));
    EXPECT_TRUE(is_same_taxpayer("022080000000", "022080000000"));
    EXPECT_FALSE(is_same_taxpayer("0107001729", "0107001729-001"));
    EXPECT_FALSE(is_same_taxpayer("", ""));
    EXPECT_FALSE(is_same_taxpayer("x", "x"));
}

}  // namespace
}  // namespace cho40::tax_gateway
