#include "adapters/tax_gateway/notice_xml.h"
#include "adapters/xml/sign.h"
#include "adapters/xml/verify.h"
#include "tests/support/source_tree.h"
#include "tests/support/throwaway_identity.h"
#include <fstream>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace cho40::tax_gateway {
namespace {

using etax::Notice;
using etax::NoticeKind;

std::string sample(std::string const& name)
{
    std::ifstream in(tests::test_data() / "etax" / name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
}

TEST(Notice, ReadsAnAcceptance)
{
    auto const n = read_notice(sample("12-tbaothuedtu-844-accepted.xml"));
    ASSERT_TRUE(n) << n.error().detail;
    EXPECT_EQ(n->kind, NoticeKind::result);
    EXPECT_EQ(n->positive, true);
    EXPECT_EQ(n->code, "844");
    EXPECT_EQ(n->number, "111222333/2026/TB-TĐT");
    EXPECT_EQ(n->day, Day::from(2026, 4, 20));
    EXPECT_EQ(n->office_code, "99999");
    EXPECT_EQ(n->recipient_name, "CÔNG TY THỬ NGHIỆM A & B");
    EXPECT_EQ(to_rfc3339(*n->filed_at), "2026-04-20T01:58:40.983Z");
    EXPECT_EQ(n->accepted_at, n->filed_at);
    EXPECT_EQ(n->completed_at, std::nullopt);  // xsi:nil
    EXPECT_EQ(n->transaction_code, "10820260019081192");
    ASSERT_EQ(n->dossiers.size(), 2u);
    EXPECT_EQ(n->dossiers[0].period, "Q1/2026");
    EXPECT_EQ(n->dossiers[0].times, 1);
    EXPECT_TRUE(n->reasons.empty());
}

TEST(Notice, AReceiptIsNotAnAcceptance)
{
    auto const n = *read_notice(sample("13-tbaothuedtu-843-received.xml"));
    EXPECT_EQ(n.kind, NoticeKind::received);
    EXPECT_EQ(n.filed_at, std::nullopt);
    EXPECT_EQ(n.accepted_at, std::nullopt);
    EXPECT_EQ(n.dossiers[0].period, "2/2026");
}

std::string with(std::string_view content, std::string_view code = "844", std::string_view title = "x", std::string_view id = "id")
{
    return "<TBaoThueDTu xmlns=\"http://kekhaithue.gdt.gov.vn/TBaoThue\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><TBaoThue " +
           std::string(id) + "=\"_NODE_TO_SIGN\"><TTinChung><TTinTBaoThue><maTBao>" + std::string(code) + "</maTBao><tenTBao>" +
           std::string(title) + "</tenTBao></TTinTBaoThue></TTinChung><NDungTBao>" + std::string(content) +
           "</NDungTBao></TBaoThue></TBaoThueDTu>";
}

TEST(Notice, ReadsReasonsAndNegativeSums)
{
    auto const n = *read_notice(with(
        "<trangThai>N</trangThai><LyDo><CTietLyDo><tenNhomLoi>A</tenNhomLoi><tenLoi>B</tenLoi><huongDanXuLy>C</huongDanXuLy><ghiChu>D</ghiChu></CTietLyDo></LyDo>"
        "<IDKhoanNop><CTietIDKhoanNop><maDinhDanh>12345678901234567</maDinhDanh><soTienPNop>-400000</soTienPNop><tenLoaiTien>VND</tenLoaiTien></CTietIDKhoanNop></IDKhoanNop>"));
    EXPECT_EQ(n.positive, false);
    EXPECT_EQ(n.reasons, (std::vector<etax::NoticeReason>{{"A", "B", "C", "D"}}));
    EXPECT_EQ(n.payables, (std::vector<etax::NoticedPayable>{{"12345678901234567", Dong(-400'000), "VND"}}));
}

TEST(Notice, ReadsAnInvalidTransaction)
{
    auto const n = *read_notice(with(
        "<GDich><ngayGDich>09/03/2019</ngayGDich><maGDich>00010-0002-0903201910453447-42480</maGDich><maKQuaGDich>03</maKQuaGDich><kquaGDich>Sai</kquaGDich>"
        "<maLoiGDich>IHTKK-9999</maLoiGDich><mtaLoiGDich>Premature end of file</mtaLoiGDich></GDich>",
        "213"));
    EXPECT_EQ(n.kind, NoticeKind::invalid);
    EXPECT_EQ(n.day, Day::from(2019, 3, 9));
    EXPECT_EQ(n.transaction_code, "00010-0002-0903201910453447-42480");
    EXPECT_EQ(n.reasons[0].error, "IHTKK-9999");
}

TEST(Notice, KnowsTheNoticesOf2026ByTheirForm)
{
    EXPECT_EQ(read_notice(with("<trangThai>N</trangThai>", "950", "Thông báo tiếp nhận (Mẫu 01/TB-TĐT)"))->kind, NoticeKind::receipt_2026);
    EXPECT_EQ(read_notice(with("", "951", "Thông báo sự cố 02/TB-TĐT"))->kind, NoticeKind::incident);
    EXPECT_EQ(read_notice(with("", "952", "Khác"))->kind, NoticeKind::other);
    EXPECT_EQ(read_notice(with("", "843", "01-1/TB-TĐT"))->kind, NoticeKind::received);
}

TEST(Notice, IsRefusedWithItsLine)
{
    struct Row {
        std::string text;
        Errc code;
    };
    for (auto const& row :
         {Row{"", Errc::xml_malformed}, Row{"<!DOCTYPE a><TBaoThueDTu/>", Errc::xml_forbidden},
          Row{"<HSoThueDTu/>", Errc::notice_unreadable}, Row{"<TBaoThueDTu/>", Errc::notice_unreadable},
          Row{"<TBaoThueDTu><TBaoThue/></TBaoThueDTu>", Errc::notice_unreadable}, Row{with("", ""), Errc::notice_unreadable},
          Row{with("<trangThai>yes</trangThai>"), Errc::notice_unreadable},
          Row{with("<ngayNopThucTe>soon</ngayNopThucTe>"), Errc::notice_unreadable},
          Row{with("<IDKhoanNop><CTietIDKhoanNop><soTienPNop>1.5</soTienPNop></CTietIDKhoanNop></IDKhoanNop>"), Errc::notice_unreadable},
          Row{with("", "213"), Errc::notice_unreadable}}) {
        auto const n = read_notice(row.text);
        ASSERT_FALSE(n) << row.text;
        EXPECT_EQ(errc_name(n.error().code), errc_name(row.code)) << row.text;
        EXPECT_TRUE(row.code == Errc::xml_forbidden || n.error().pointer.starts_with("line ")) << row.text;
    }
}

TEST(Notice, ASignedOneVerifies)
{
    auto const identity = tests::make_throwaway_identity("MST:0100231226");
    auto const signer = *xml::FileSigner::from_pem(Secret(identity.key_pem), identity.certificate_pem);
    Notice n;
    n.kind = NoticeKind::received;
    n.code = "843";
    n.positive = true;
    auto const bytes = *xml::sign(write_notice(n), signer);
    EXPECT_TRUE(xml::verify(*xml::Document::parse(bytes), {SystemClock().now(), {}}).ok);
    EXPECT_EQ(*read_notice(bytes), n);
}

RC_GTEST_PROP(NoticeProperty, WhatIsWrittenIsReadBack, ())
{
    auto const text = rc::gen::element<std::string>("", "A & B", "Đường <số> \"5\"", "x");
    auto const when = [] {
        return std::optional<Instant>(
            Instant(std::chrono::milliseconds(*rc::gen::inRange<std::int64_t>(1'700'000'000'000, 1'900'000'000'000))));
    };
    Notice n;
    n.kind = *rc::gen::element(NoticeKind::received, NoticeKind::result, NoticeKind::receipt_2026);
    n.code = n.kind == NoticeKind::received ? "843" : n.kind == NoticeKind::result ? "844" : "01/TB-TĐT";
    n.title = *text;
    n.number = *text;
    n.office_code = *text;
    n.recipient_name = *text;
    n.day = Day::from(2026, 7, *rc::gen::inRange(1u, 29u));
    if (*rc::gen::arbitrary<bool>()) n.positive = *rc::gen::arbitrary<bool>();
    if (*rc::gen::arbitrary<bool>()) n.filed_at = when();
    if (*rc::gen::arbitrary<bool>()) n.accepted_at = when();
    n.transaction_code = *text;
    n.dossiers.resize(*rc::gen::inRange<std::size_t>(0, 3));
    for (auto& d : n.dossiers) d = {*text, *text, *text, *rc::gen::inRange(0, 9)};
    n.reasons.resize(*rc::gen::inRange<std::size_t>(0, 3));
    for (auto& r : n.reasons) r = {*text, *text, *text, *text};
    n.payables.resize(*rc::gen::inRange<std::size_t>(0, 3));
    for (auto& p : n.payables) p = {*text, Dong(*rc::gen::arbitrary<std::int64_t>()), "VND"};
    RC_ASSERT(*read_notice(write_notice(n)) == n);
}

}  // namespace
}  // namespace cho40::tax_gateway
