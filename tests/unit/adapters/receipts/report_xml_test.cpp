#include "adapters/receipts/report_xml.h"
#include "adapters/receipts/signed_papers.h"
#include "adapters/xml/verify.h"
#include "tests/support/run.h"
#include "tests/unit/adapters/receipts/samples.h"
#include <gtest/gtest.h>

namespace cho40::receipts {
namespace {

std::string const part = std::string(report_namespace) + ":THBLai";

fees::ReceiptReport report()
{
    fees::ReceiptReport r;
    r.agency_code = "H49.20";
    r.collector_name = "Sở Tài chính";
    r.collector_tax_code = "5701990026";
    r.number = 4;
    r.part = 1;
    r.day = Day::from(2026, 11, 22);
    r.made_at = *parse_rfc3339("2026-11-22T15:00:00Z");
    fees::Unreported issued;
    issued.stored.receipt = tests::sample_receipt();
    auto replaced = issued;
    replaced.as = fees::ReportedAs::replaced;
    replaced.reason = "sai tên <người nộp>";
    replaced.earlier = fees::EarlierReport{3, Day::from(2026, 11, 21)};
    replaced.stored.receipt.number.number = 9;
    replaced.stored.receipt.replaced_by = issued.stored.receipt.number;
    r.rows = fees::report_rows({issued, replaced});
    r.total = Dong(0);
    return r;
}

Result<fees::SignedFile> written(std::shared_ptr<xml::Signer const> signer)
{
    boost::asio::thread_pool computing(1);
    SystemClock const clock;
    SignedPapers const papers(computing, std::move(signer), clock);
    return tests::run(papers.write_report(report()));
}

TEST(ReportXml, HoldsTheColumnsOfTheForm)
{
    auto const document = xml::Document::parse(report_xml(report()));
    ASSERT_TRUE(document) << document.error().detail;
    auto const body = document->root().child("THBLai");
    EXPECT_EQ(body.child("TTChung").child("MSo").value(), "01/TH-BLĐT");
    EXPECT_EQ(body.child("TTChung").child("MST").value(), "5701990026");
    EXPECT_EQ(body.child("TTChung").child("Ngay").value(), "2026-11-22");
    EXPECT_EQ(body.child("TTChung").child("SBTHop").value(), "4");
    auto const rows = body.child("DSBLai").children("BLai");
    ASSERT_EQ(rows.size(), 2u);
    EXPECT_EQ(rows[0].child("SBLai").value(), "9");
    EXPECT_EQ(rows[0].child("STien").value(), "-100000");
    EXPECT_EQ(rows[0].child("TThai").value(), "Bị thay thế");
    EXPECT_EQ(rows[0].child("KDChinh").value(), "2026-11-21");
    EXPECT_EQ(rows[0].child("SBTHop").value(), "3");
    EXPECT_EQ(rows[0].child("BLLQuan").child("SBLai").value(), "12");
    EXPECT_EQ(rows[0].child("GTrinh").value(), "sai tên <người nộp>");
    EXPECT_EQ(rows[1].child("STT").value(), "2");
    EXPECT_EQ(rows[1].child("TThai").value(), "Mới");
    EXPECT_EQ(body.child("TCong").child("SDong").value(), "2");
    EXPECT_EQ(body.child("TCong").child("TgTien").value(), "0");
}

TEST(ReportXml, IsSignedAndAcceptedByAnIndependentTool)
{
    auto const file = written(std::make_shared<xml::FileSigner>(tests::sample_signer()));
    ASSERT_TRUE(file) << file.error().detail;
    EXPECT_EQ(tests::xmlsec1_verdict(file->xml, part), 0);
    EXPECT_FALSE(file->signed_by.empty());
    auto changed = file->xml;
    changed.replace(changed.find("-100000"), 7, "-100001");
    EXPECT_NE(tests::xmlsec1_verdict(changed, part), 0);
}

TEST(ReportXml, IsMadeWithoutACertificateToo)
{
    auto const file = written(nullptr);
    ASSERT_TRUE(file);
    EXPECT_EQ(file->xml, report_xml(report()));
    EXPECT_EQ(file->digest, sha256(file->xml));
    EXPECT_TRUE(file->signed_by.empty());
}

}  // namespace
}  // namespace cho40::receipts
